/** A request as it came in, for tests to look at. */
export interface ReceivedRequest {
	atMs: number;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Text fields of a multipart body in their order, repeated ones too. */
	fields: ReceivedField[];
	files: ReceivedFile[];
	/** The parsed body of a request in JSON. */
	json?: unknown;
	/** The answered status; undefined when there was no answer, as after a reset. */
	status: number | undefined;
	/** The workflow that the request started. */
	workflowId?: string;
}

export interface ReceivedField {
	name: string;
	value: string;
}

export interface ReceivedFile {
	fieldName: string;
	fileName: string | undefined;
	mimeType: string;
	sizeBytes: number;
	sha256: string;
	content: Buffer;
}

/** What of an incoming HTTP request goes into the log. */
interface Incoming {
	method?: string;
	url?: string;
	headers: Record<string, string | string[] | undefined>;
}

/** The log entry of a request whose body was not read yet. */
export function receivedRequest(incoming: Incoming, atMs: number): ReceivedRequest {
	const url = new URL(`http://sandbox${incoming.url ?? '/'}`);
	return {
		atMs,
		method: incoming.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers: singleValues(incoming.headers),
		fields: [],
		files: [],
		status: undefined,
	};
}

function singleValues(headers: Incoming['headers']): Record<string, string> {
	const values: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined) values[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return values;
}

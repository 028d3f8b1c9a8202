import { machineClock } from './clock';
import { startSandbox, type Sandbox, type SandboxOptions } from './index';

/** An answer, read to its end. */
export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** The parsed text; undefined when it is no JSON. */
	json: unknown;
}

/** A sandbox that stops after the test, a clock that only the test moves, and a client. */
export interface Trial {
	sandbox: Sandbox;
	clock: { ms: number };
	get(path: string, headers?: Record<string, string>): Promise<Answer>;
	post(path: string, body?: FormData): Promise<Answer>;
	/** Sends any body with any method; what is no form goes out as JSON. */
	send(method: string, path: string, body?: unknown): Promise<Answer>;
	/** Reruns the seeded workflow. */
	rerun(fields?: Fields): Promise<Answer>;
	/** Reruns the seeded workflow and returns the id of the new one. */
	started(fields?: Fields): Promise<string>;
	/** The status of a workflow. */
	statusOf(id: string): Promise<unknown>;
}

export type Fields = Record<string, string | File>;

export const rerunPath = '/v1/workflow/a1b2c3d4-e5f6-4890-abcd-ef1234567890/rerun';

const running: Sandbox[] = [];

afterEach(async () => {
	await Promise.all(running.splice(0).map(async (sandbox) => await sandbox.stop()));
});

/** Starts a sandbox for one test. */
export async function trial(options: SandboxOptions = {}): Promise<Trial> {
	const clock = { ms: Date.parse('2024-06-01T12:00:00Z') };
	const sandbox = await startSandbox({
		clock: { ...machineClock, nowMs: () => clock.ms },
		...options,
	});
	running.push(sandbox);
	const authorization = `Bearer ${sandbox.token}`;

	const get = async (path: string, headers: Record<string, string> = { authorization }) =>
		await answerTo(fetch(`${sandbox.apiUrl}${path}`, { headers }));
	const send = async (method: string, path: string, body?: unknown) =>
		await answerTo(
			fetch(`${sandbox.apiUrl}${path}`, { method, ...contentOf(body, { authorization }) }),
		);
	const post = async (path: string, body?: FormData) => await send('POST', path, body);
	const rerun = async (fields: Fields = {}) => await post(rerunPath, formOf(fields));
	return {
		sandbox,
		clock,
		get,
		post,
		send,
		rerun,
		started: async (fields) => textAt((await rerun(fields)).json, 'id'),
		statusOf: async (id) => valueAt((await get(`/v1/workflow/${id}`)).json, 'status'),
	};
}

/** Reads an answer to its end. */
export async function answerTo(sent: Promise<Response>): Promise<Answer> {
	const response = await sent;
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function contentOf(body: unknown, headers: Record<string, string>) {
	if (body === undefined || body instanceof FormData) return { headers, body };
	return {
		headers: { ...headers, 'content-type': 'application/json' },
		body: JSON.stringify(body),
	};
}

/** A multipart form of these fields. */
export function formOf(fields: Fields): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) {
		if (typeof value === 'string') form.set(name, value);
		else form.set(name, value, value.name);
	}
	return form;
}

/** A JSON file to upload. */
export function jsonFile(content: unknown, name = 'workflow.json'): File {
	const text = typeof content === 'string' ? content : JSON.stringify(content);
	return new File([text], name, { type: 'application/json' });
}

/** A value inside parsed JSON, by a path such as `workflows.0.id`. */
export function valueAt(json: unknown, path: string): unknown {
	let value = json;
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = Object.entries(value).find(([name]) => name === key)?.[1];
	}
	return value;
}

/** A string inside parsed JSON. */
export function textAt(json: unknown, path: string): string {
	const value = valueAt(json, path);
	expect(typeof value).toBe('string');
	return String(value);
}

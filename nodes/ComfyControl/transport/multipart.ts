/** The bytes of a file, as they are read. */
export interface FileStream extends AsyncIterable<Uint8Array> {
	/** Lets go of the file before its end. */
	destroy?(): void;
}

/** Bytes that are in memory already, as a file's. */
export async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** A file to send: what the multipart header says of it, and how to open its bytes. */
export interface FileSource {
	fileName: string;
	mimeType: string;
	sizeBytes: number;
	/** Called each time the request is sent, so that a request can be sent again. */
	open(): Promise<FileStream>;
}

export interface TextPart {
	field: string;
	text: string;
}

export interface FilePart {
	field: string;
	file: FileSource;
}

export type FormPart = TextPart | FilePart;

/**
 * The body of a multipart request. Texts arrive byte for byte; files are streamed while the
 * request is sent, never held in memory as a whole, and their size is known beforehand.
 */
export class MultipartBody {
	readonly form = new FormData();

	readonly #files: StreamedFile[] = [];

	constructor(parts: FormPart[]) {
		for (const part of parts) {
			if ('text' in part) this.form.append(part.field, textFile(part.text));
			else this.form.append(part.field, this.#streamed(part.file));
		}
	}

	/** How much there is to send, but for the frame around it. */
	get sizeBytes(): number {
		return [...this.form.values()].reduce(
			(sum, value) => sum + (typeof value === 'string' ? value.length : value.size),
			0,
		);
	}

	/** What went wrong with a file while it was sent, if anything did. */
	get fileFault(): { fileName: string; fault: unknown } | undefined {
		const file = this.#files.find(({ fault }) => fault !== undefined);
		return file && { fileName: file.name, fault: file.fault };
	}

	/** Whether all files have been read to their end to be sent. */
	get isRead(): boolean {
		return this.#files.every(({ isRead }) => isRead);
	}

	/** Lets go of the files, which stay open when the API answers before it has read them. */
	close(): void {
		for (const file of this.#files) file.close();
	}

	#streamed(source: FileSource): StreamedFile {
		const file = new StreamedFile(source);
		this.#files.push(file);
		return file;
	}
}

// A string value would have its line breaks turned into CRLF, as the web standard has it.
// A file without a name has no file name in its header, so a server reads it as a plain field.
function textFile(text: string): File {
	return new File([text], '', { type: 'text/plain; charset=utf-8' });
}

/** A file that says its size at once and opens its bytes only when they are sent. */
class StreamedFile extends File {
	override readonly size: number;

	fault: unknown;

	isRead = false;

	readonly #source: FileSource;

	#opened: FileStream | undefined;

	#isClosed = false;

	constructor(source: FileSource) {
		super([], headerSafe(source.fileName), { type: source.mimeType });
		this.size = source.sizeBytes;
		this.#source = source;
	}

	override stream(): ReadableStream<Uint8Array> {
		this.#isClosed = false;
		return ReadableStream.from(this.#bytes());
	}

	close(): void {
		this.#isClosed = true;
		this.#opened?.destroy?.();
		this.#opened = undefined;
	}

	async *#bytes(): AsyncIterable<Uint8Array> {
		this.fault = undefined;
		this.isRead = false;
		const opened = await this.#source.open().catch((fault: unknown) => this.#noteFault(fault));
		this.#opened = opened;
		// It may have been closed while it was still being opened.
		if (this.#isClosed) this.close();
		const chunks = opened[Symbol.asyncIterator]();
		let sentBytes = 0;
		try {
			for (;;) {
				const next = await chunks.next().catch((fault: unknown) => this.#noteFault(fault));
				if (next.done) break;
				sentBytes += next.value.length;
				yield next.value;
			}
		} finally {
			await chunks.return?.();
		}
		// The size is in the request's header already: the API would wait for the rest.
		if (sentBytes !== this.size) {
			this.#noteFault(new RangeError(`${sentBytes} of ${this.size} bytes`));
		}
		this.isRead = true;
	}

	#noteFault(fault: unknown): never {
		// When the request is over anyway, closing the file is what broke it off.
		if (!this.#isClosed) this.fault = fault;
		throw fault;
	}
}

// Without a name a file would arrive as a text. Control characters would spoil the part's header;
// line breaks are left alone, as they are escaped when the header is written.
function headerSafe(fileName: string): string {
	return fileName.replace(/[^\P{Cc}\r\n]/gu, '_') || 'file';
}

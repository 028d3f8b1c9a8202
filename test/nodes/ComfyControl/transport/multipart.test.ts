/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server to look at the wire, never part of the node */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';

import { OutboundHttp } from '@n8n/backend-network';
import { Container } from '@n8n/di';
import busboy from 'busboy';
import fc from 'fast-check';
import FormDataPackage from 'form-data';

import {
	bytesOf,
	MultipartBody,
	type FileSource,
	type FormPart,
	type TextPart,
} from '../../../../nodes/ComfyControl/transport/multipart';

/** A file whose bytes the test knows as well. */
interface TestFile extends FileSource {
	bytes: Buffer;
}

type TestPart = TextPart | { field: string; file: TestFile };

interface ReceivedPart {
	name: string;
	mimeType: string;
	/** Texts as they are, files by their hash. */
	content: string;
	fileName?: string;
	sizeBytes?: number;
}

interface Received {
	parts: ReceivedPart[];
	contentLength: number;
	bodyBytes: number;
}

const WIRE_CASES = 500;

describe('what arrives at the server', () => {
	let server: Server;
	let url: string;

	beforeAll(async () => {
		server = createServer((request, response) => {
			void readMultipart(request).then(
				(received) => response.end(JSON.stringify(received)),
				(error: Error) => response.writeHead(400).end(error.message),
			);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});

	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	/** Sends a body the way n8n's request helper does for every node. */
	async function send(body: FormData | FormDataPackage): Promise<Received> {
		const answer: Received = await Container.get(OutboundHttp)
			.requests()
			.request({ method: 'POST', url, body, disableFollowRedirect: true });
		return answer;
	}

	it(`is what the form-data package would have sent (${WIRE_CASES} cases)`, async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(partArbitrary, { minLength: 1, maxLength: 5 }), async (parts) => {
				const ours = await send(bodyOf(parts));
				expect(ours.parts).toEqual((await send(reference(parts))).parts);
				expect(ours.contentLength).toBe(ours.bodyBytes);
			}),
			{ numRuns: WIRE_CASES, examples: EXAMPLES },
		);
	});

	it('keeps every line break of a text', async () => {
		const text = 'one\ntwo\r\nthree\rfour\u2028five\n\n';
		const { parts } = await send(bodyOf([{ field: '$prompt', text }]));
		expect(parts).toEqual([{ name: '$prompt', mimeType: 'text/plain', content: text }]);
	});

	it('is an empty form when there are no parts', async () => {
		const { parts, contentLength, bodyBytes } = await send(bodyOf([]));
		expect(parts).toEqual([]);
		expect(contentLength).toBe(bodyBytes);
	});

	it('is a file even if the file has no name', async () => {
		const { parts } = await send(bodyOf([{ field: '$image', file: fileOf('', 'AB') }]));
		expect(parts).toMatchObject([{ name: '$image', fileName: 'file', sizeBytes: 2 }]);
	});

	it('has no control characters in a file name, which servers refuse', async () => {
		const { parts } = await send(
			bodyOf([{ field: '$image', file: fileOf('a\0b\x7fc\u0085.png', 'x') }]),
		);
		expect(parts).toMatchObject([{ fileName: 'a_b_c_.png', sizeBytes: 1 }]);
	});

	it('is the same when a form is sent again: its files are opened anew', async () => {
		const file = fileOf('a.png', 'x'.repeat(100_000));
		const open = jest.spyOn(file, 'open');
		const form = bodyOf([{ field: '$image', file }]);
		expect(open).not.toHaveBeenCalled();
		const first = await send(form);
		expect((await send(form)).parts).toEqual(first.parts);
		expect(open).toHaveBeenCalledTimes(2);
	});
});

function bodyOf(parts: FormPart[]): FormData {
	return new MultipartBody(parts).form;
}

function fileOf(fileName: string, content: string): TestFile {
	return testFile({ fileName, mimeType: 'image/png' }, Buffer.from(content));
}

function testFile(about: { fileName: string; mimeType: string }, bytes: Buffer): TestFile {
	return { ...about, bytes, sizeBytes: bytes.length, open: async () => inChunks(bytes) };
}

async function* inChunks(bytes: Buffer): AsyncIterable<Uint8Array> {
	for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

// Control characters but for line breaks make a header that servers refuse. In names the node refuses
// them before, in file names it replaces them: that is a test of its own.
const headerText = (maxLength: number) =>
	fc.string({ unit: 'binary', maxLength }).map((text) => text.replace(/[^\P{Cc}\r\n]/gu, ''));
const names = fc.oneof(
	headerText(40).filter((name) => name !== ''),
	fc.constantFrom('$prompt', '#sampler', '$input_image', '$12.te#xt"q é', 'a"b', 'a;b=c', "a'b\\c"),
);
const texts = fc.oneof(
	{ weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
	{
		weight: 4,
		arbitrary: fc
			.array(fc.constantFrom('\n', '\r\n', '\r', '\u2028', '"', "'", '--', '🌊', '日本', 'a', ' '))
			.map((pieces) => pieces.join('')),
	},
	{ weight: 1, arbitrary: fc.constantFrom('x', 'é', '🌊', '\n', '\r\n').map(hundredThousand) },
);
const sizesBytes = fc.oneof(
	{ weight: 12, arbitrary: fc.integer({ min: 1, max: 5_000 }) },
	{ weight: 2, arbitrary: fc.integer({ min: 65_000, max: 132_000 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 500_000, max: 2 * 1024 * 1024 }) },
);
// form-data cuts a file name after its last slash, which n8n has done long before.
const fileNames = fc.oneof(
	fc.constantFrom(
		'',
		'bíg one.png',
		'ü "x"\r\nX: y.png',
		'a;filename="b".png',
		'写真.webp',
		"it's.png",
	),
	headerText(60).map((name) => name.replaceAll('/', '')),
);
const files = fc
	.record({
		fileName: fileNames,
		mimeType: fc.constantFrom('image/png', 'video/mp4', 'application/octet-stream', 'text/plain'),
		sizeBytes: sizesBytes,
		seed: fc.nat(),
	})
	.map(({ seed, sizeBytes, ...about }) => testFile(about, bytesFrom(seed, sizeBytes)));
const partArbitrary: fc.Arbitrary<TestPart> = fc.oneof(
	fc.record({ field: names, text: texts }),
	fc.record({ field: names, file: files }),
);

const EXAMPLES: Array<[TestPart[]]> = [
	[[{ field: '$prompt', text: '' }]],
	[[{ field: '$prompt', text: 'x'.repeat(100_000) }]],
	[[{ field: '$a\r\nX: y', text: '--boundary\r\n' }]],
	[[{ field: '$image', file: fileOf('', 'x') }]],
	[[{ field: '$image', file: fileOf('ü "x"\r\nX: y.png', 'x'.repeat(2 * 1024 * 1024)) }]],
];

function hundredThousand(piece: string): string {
	return piece.repeat(100_000 / piece.length);
}

function bytesFrom(seed: number, sizeBytes: number): Buffer {
	const block = createHash('sha512').update(String(seed)).digest();
	return Buffer.alloc(sizeBytes, block);
}

function reference(parts: TestPart[]): FormDataPackage {
	const form = new FormDataPackage();
	for (const part of parts) {
		if ('text' in part) form.append(part.field, part.text);
		else form.append(part.field, part.file.bytes, referenceHeader(part.file));
	}
	return form;
}

function referenceHeader({ fileName, mimeType }: FileSource) {
	return { filename: fileName || 'file', contentType: mimeType };
}

async function readMultipart(request: IncomingMessage): Promise<Received> {
	const parts: ReceivedPart[] = [];
	let bodyBytes = 0;
	request.on('data', (chunk: Buffer) => (bodyBytes += chunk.length));
	const parser = busboy({
		headers: request.headers,
		preservePath: true,
		defParamCharset: 'utf8',
		limits: { fieldSize: 10_000_000, fieldNameSize: 10_000 },
	});
	parser.on('field', (name, content, { mimeType }) => parts.push({ name, mimeType, content }));
	parser.on('file', (name, stream, { filename: fileName, mimeType }) => {
		const hash = createHash('sha256');
		const part: ReceivedPart = { name, fileName, mimeType, sizeBytes: 0, content: '' };
		parts.push(part);
		stream.on('data', (chunk: Buffer) => {
			hash.update(chunk);
			part.sizeBytes = (part.sizeBytes ?? 0) + chunk.length;
		});
		stream.on('end', () => (part.content = hash.digest('hex')));
	});
	await new Promise((resolve, reject) => {
		parser.on('close', resolve).on('error', reject);
		request.pipe(parser);
	});
	return { parts, bodyBytes, contentLength: Number(request.headers['content-length']) };
}

describe('the file of a body', () => {
	async function sent(open: FileSource['open']) {
		const file = { fileName: 'a.png', mimeType: 'image/png', sizeBytes: 4, open };
		const body = new MultipartBody([{ field: '$a', file }]);
		const [[, stream]] = [...body.form.entries()];
		if (!(stream instanceof File)) throw new Error('No file');
		const reading = new Response(stream.stream()).arrayBuffer();
		return { body, isRead: await reading.then(() => true).catch(() => false) };
	}

	it('is known to be read when it is', async () => {
		const { body, isRead } = await sent(async () => bytesOf(Buffer.from('abcd')));
		expect([isRead, body.isRead, body.fileFault]).toEqual([true, true, undefined]);
	});

	it('says what went wrong in the middle of it', async () => {
		const fault = new Error('EIO: i/o error');
		const { body, isRead } = await sent(async () => {
			async function* broken() {
				yield Buffer.from('ab');
				throw fault;
			}
			return broken();
		});
		expect([isRead, body.isRead]).toEqual([false, false]);
		expect(body.fileFault).toEqual({ fileName: 'a.png', fault });
	});
});

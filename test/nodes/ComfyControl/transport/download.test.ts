/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server to download from, never part of the node */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { SsrfProtectionConfig } from '@n8n/config';
import { Container } from '@n8n/di';
import type { IExecuteFunctions } from 'n8n-workflow';

import { downloadFile, type Download } from '../../../../nodes/ComfyControl/transport/download';
import { asNode } from '../../../support/asNode';
import { clock } from '../../../support/clock';

const CONTENT = Buffer.from('the bytes of a picture');
const MINUTE_MS = 60_000;
const CUT_OFF = /ECONNRESET|aborted|PREMATURE_CLOSE|Premature close/;

let server: Server;
let host: string;
let respond: (response: ServerResponse) => void;
let requests: IncomingMessage[];
let open: number;

beforeAll(async () => {
	server = createServer((request, response) => {
		requests.push(request);
		open++;
		request.socket.once('close', () => open--);
		respond(response);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
	requests = [];
	open = 0;
	respond = (response) => response.end(CONTENT);
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

type Keep = (file: Download) => Promise<{ bytes: number }>;

/** Keeps a file in memory, with what is told of it. */
async function keep({ stream, ...about }: Download) {
	const content = await buffer(stream);
	return { ...about, content, bytes: content.length };
}

async function download(
	path = '/picture.png?signature=abc',
	keepFile: Keep = keep,
	prepare: (context: IExecuteFunctions) => void = () => {},
) {
	return await asNode({ apiToken: 'cfc_secret', baseUrl: host }, async (context) => {
		prepare(context);
		const url = path.startsWith('/picture') ? host + path : path;
		return await downloadFile(context, url, keepFile);
	});
}

function answer(headers: Record<string, string | number>, content: Uint8Array = CONTENT): void {
	respond = (response) => response.writeHead(200, headers).end(content);
}

/** Answers with a byte every fifty seconds, for ever. */
function drip(headers: Record<string, string | number>): void {
	respond = async (response) => {
		response.writeHead(200, headers);
		while (response.socket && !response.socket.destroyed) {
			response.write('x');
			await clock.hold(response.socket, 50_000);
		}
	};
}

describe('downloadFile', () => {
	it('gives the bytes, with their number', async () => {
		answer({ 'content-length': CONTENT.length });
		const data = { content: CONTENT, bytes: CONTENT.length, sentBytes: CONTENT.length };
		expect(await download()).toMatchObject({ data });
	});

	it('asks for the bytes as they are', async () => {
		await download();
		expect(requests[0].headers['accept-encoding']).toBe('identity');
	});

	it('gives a body in chunks, of which it does not know beforehand how many bytes there are', async () => {
		respond = (response) => {
			response.write(CONTENT);
			response.end();
		};
		expect(await download()).toMatchObject({ data: { content: CONTENT, sentBytes: undefined } });
	});

	it.each([
		['image/png', 'image/png'],
		['text/plain; charset=utf-8', 'text/plain'],
		['application/octet-stream', undefined],
		['Binary/Octet-Stream ; x=y', undefined],
		[undefined, undefined],
	])('type %s: %s', async (type, expected) => {
		answer(type === undefined ? {} : { 'content-type': type });
		expect(await download()).toMatchObject({ data: { mimeType: expected } });
	});

	it('sends the link as it is, and nothing of the credential', async () => {
		await download();
		const [request] = requests;
		expect(request.url).toBe('/picture.png?signature=abc');
		expect(request.headers).not.toHaveProperty('authorization');
		expect(JSON.stringify(request.rawHeaders)).not.toContain('cfc_secret');
		expect(request.headers['user-agent']).toBe('n8n-nodes-comfycontrol');
	});

	it.each([
		'file:///etc/passwd',
		'ftp://127.0.0.1/picture.png',
		'data:,x',
		'//127.0.0.1/x',
		'https://',
		'http:// /x',
		'',
	])('does not open %j, nor would a fresh one help', async (link) => {
		const httpRequest = jest.fn();
		const result = await download(link, keep, ({ helpers }) => (helpers.httpRequest = httpRequest));
		expect(result).toEqual({ fault: 'the link is no web address', isLasting: true });
		expect(httpRequest).not.toHaveBeenCalled();
	});

	it.each([204, 403, 404, 500])('opens nothing that is answered with %i', async (status) => {
		respond = (response) => response.writeHead(status).end();
		expect(await download()).toEqual({ fault: `HTTP ${status}`, isLasting: false });
	});

	it('opens nothing when the connection breaks', async () => {
		respond = (response) => response.destroy();
		expect(await download()).toEqual({ fault: 'ECONNRESET', isLasting: false });
	});

	it('tells of a file that is cut off', async () => {
		respond = (response) => {
			response.writeHead(200, { 'content-length': 1_000 });
			response.write(CONTENT, () => response.destroy());
		};
		const fault = expect.stringMatching(CUT_OFF);
		expect(await download()).toEqual({ fault, isLasting: false });
	});
});

describe('a file that storage packs although it is asked not to', () => {
	const packed = (content: Buffer) => {
		const sent = gzipSync(content);
		answer({ 'content-encoding': 'gzip', 'content-length': sent.length }, sent);
		return sent.length - content.length;
	};

	it.each([
		['shorter', Buffer.alloc(5_000, 'plain'), -1],
		['longer', randomBytes(5_000), 1],
	])('is there as a whole when packing makes it %s', async (_what, content, sign) => {
		expect(Math.sign(packed(content))).toBe(sign);
		expect(await download()).toMatchObject({ data: { content, bytes: 5_000 } });
	});

	it.each([Buffer.alloc(5_000, 'plain'), randomBytes(5_000)])(
		'is not there as a whole when n8n keeps less of it',
		async (content) => {
			packed(content);
			const lose: Keep = async (file) => ({ bytes: (await keep(file)).bytes - 1 });
			const fault = '4999 of 5000 bytes';
			expect(await download(undefined, lose)).toEqual({ fault, isLasting: false });
		},
	);

	it('is not there as a whole when it is cut off', async () => {
		const sent = gzipSync(randomBytes(5_000));
		respond = (response) => {
			response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': sent.length });
			response.write(sent.subarray(0, 3_000), () => response.destroy());
		};
		const fault = expect.stringMatching(CUT_OFF);
		expect(await download()).toEqual({ fault, isLasting: false });
	});
});

describe('what came instead of a file', () => {
	it.each([
		['text/html; charset=UTF-8', 'a web page'],
		['application/xhtml+xml', 'a web page'],
		['application/xml', 'an XML message'],
		['Text/XML;charset=utf-8', 'an XML message'],
	])('%s: %s', async (type, what) => {
		answer({ 'content-type': type });
		const fault = `${what} came instead of the file`;
		expect(await download()).toEqual({ fault, isLasting: false });
		await clock.until(() => open === 0);
	});

	it.each([
		['/picture.html', 'text/html'],
		['/picture.svg?signature=a.png', 'application/xml'],
		['/picture.XML', 'text/xml'],
		['/picture.svg', 'image/svg+xml'],
	])('is what was asked for: %s as %s', async (path, type) => {
		answer({ 'content-type': type });
		expect(await download(path)).toMatchObject({ data: { content: CONTENT } });
	});

	it('is nothing at all, unless it is a text', async () => {
		const nothing = Buffer.alloc(0);
		answer({ 'content-type': 'image/png' }, nothing);
		expect(await download()).toEqual({ fault: 'it came empty', isLasting: false });
		answer({}, nothing);
		expect(await download()).toEqual({ fault: 'it came empty', isLasting: false });
		answer({ 'content-type': 'text/plain' }, nothing);
		expect(await download('/picture.txt')).toMatchObject({ data: { bytes: 0 } });
	});
});

describe('what n8n can’t keep', () => {
	it('is not there as a whole when n8n does not read to its end', async () => {
		const result = await download(undefined, async () => ({ bytes: 0 }));
		expect(result).toEqual({ fault: 'it was not read to its end', isLasting: false });
		await clock.until(() => open === 0);
	});

	it('is let go of', async () => {
		respond = (response) => response.writeHead(200, { 'content-length': 1e9 }).write(CONTENT);
		const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
		const result = await download(undefined, async () => await Promise.reject(full));
		expect(result).toEqual({ fault: 'ENOSPC', isLasting: true });
		await clock.until(() => open === 0);
	});
});

describe('a file that drips', () => {
	const LATE = { fault: 'it did not come in time, ETIMEDOUT', isLasting: false };

	it.each([
		['a small one', { 'content-length': 1_000 }, MINUTE_MS + 100],
		['a large one', { 'content-length': 6_000_000 }, 11 * MINUTE_MS],
		['one that claims to be huge', { 'content-length': 1e15 }, 24 * 60 * MINUTE_MS],
		['one of unknown size', {}, 60 * MINUTE_MS],
	])('is given up in a time that goes by its size: %s', async (_what, headers, endMs) => {
		drip(headers);
		const startMs = clock.nowMs();
		expect(await download()).toEqual(LATE);
		expect(clock.nowMs() - startMs).toBe(endMs);
		await clock.until(() => open === 0);
	});

	it('is given up within a minute before it begins', async () => {
		respond = async ({ socket }) => {
			socket?.write('HTTP/1.1 200 OK\r\n');
			while (socket && !socket.destroyed) {
				socket.write('x: y\r\n');
				await clock.hold(socket, 5_000);
			}
		};
		const startMs = clock.nowMs();
		expect(await download()).toEqual(LATE);
		expect(clock.nowMs() - startMs).toBe(MINUTE_MS);
		await clock.until(() => open === 0);
	});

	it('ends at once when the execution is stopped', async () => {
		drip({});
		const stop = new AbortController();
		const startMs = clock.nowMs();
		void clock.pause(12_000).then(() => stop.abort());
		await download(undefined, keep, (context) => {
			context.getExecutionCancelSignal = () => stop.signal;
		});
		expect(clock.nowMs() - startMs).toBe(12_000);
		await clock.until(() => open === 0);
	});
});

describe('what keeps a request from going out', () => {
	it('is n8n’s SSRF protection, and what to set', async () => {
		const protection = Container.get(SsrfProtectionConfig);
		protection.enabled = true;
		const result = await download().finally(() => (protection.enabled = false));
		expect(result).toEqual({
			fault: "n8n's SSRF protection blocks it",
			isLasting: true,
			advice: expect.stringContaining('N8N_SSRF_ALLOWED_HOSTNAMES'),
		});
		expect(requests).toEqual([]);
	});

	it('is a proxy, and what to set', async () => {
		respond = (response) => response.writeHead(407).end();
		expect(await download()).toEqual({
			fault: 'The proxy of your n8n blocks it (HTTP 407)',
			isLasting: true,
			advice: expect.stringContaining('HTTPS_PROXY'),
		});
	});
});

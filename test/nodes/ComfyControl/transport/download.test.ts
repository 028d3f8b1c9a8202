/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server to download from, never part of the node */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { openDownload, shortFault } from '../../../../nodes/ComfyControl/transport/download';
import { asNode } from '../batch/asNode';

const CONTENT = 'the bytes of a picture';

let server: Server;
let url: string;
let respond: (response: ServerResponse) => void;
let requests: IncomingMessage[];

beforeAll(async () => {
	server = createServer((request, response) => {
		requests.push(request);
		respond(response);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture.png?signature=abc`;
});
beforeEach(() => {
	requests = [];
	respond = (response) => response.end(CONTENT);
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

/** What can be told of a link, and what is read from it. */
async function download(link = url) {
	return await asNode({ apiToken: 'cfc_secret', baseUrl: 'http://127.0.0.1' }, async (context) => {
		const opened = await openDownload(context, link);
		if ('fault' in opened || Buffer.isBuffer(opened.stream)) return undefined;
		const { stream, ...about } = opened;
		return { ...about, content: await text(stream) };
	});
}

function answer(headers: Record<string, string | number>): void {
	respond = (response) => response.writeHead(200, headers).end(CONTENT);
}

describe('openDownload', () => {
	it('gives the bytes, with their number', async () => {
		answer({ 'content-length': CONTENT.length });
		expect(await download()).toMatchObject({ content: CONTENT, sizeBytes: CONTENT.length });
	});

	it('asks for the bytes as they are, so that their number can be compared', async () => {
		answer({ 'content-length': CONTENT.length });
		await download();
		expect(requests[0].headers['accept-encoding']).toBe('identity');
	});

	it('does not know how many there are of a body in chunks', async () => {
		respond = (response) => {
			response.write(CONTENT);
			response.end();
		};
		expect(await download()).toMatchObject({ content: CONTENT, sizeBytes: undefined });
	});

	it.each([
		['image/png', 'image/png'],
		['text/plain; charset=utf-8', 'text/plain'],
		['application/octet-stream', undefined],
		['Binary/Octet-Stream ; x=y', undefined],
		[undefined, undefined],
	])('type %s: %s', async (type, expected) => {
		answer(type === undefined ? {} : { 'content-type': type });
		expect(await download()).toMatchObject({ mimeType: expected });
	});

	it('sends the link as it is, and nothing of the credential', async () => {
		await download();
		const [request] = requests;
		expect(request.url).toBe('/picture.png?signature=abc');
		expect(request.headers).not.toHaveProperty('authorization');
		expect(JSON.stringify(request.rawHeaders)).not.toContain('cfc_secret');
		expect(request.headers['user-agent']).toBe('n8n-nodes-comfycontrol');
	});

	it.each(['file:///etc/passwd', 'ftp://127.0.0.1/picture.png', 'data:,x', '//127.0.0.1/x', ''])(
		'does not open %j',
		async (link) => {
			const httpRequest = jest.fn();
			await asNode({ apiToken: '', baseUrl: 'http://127.0.0.1' }, async (context) => {
				context.helpers.httpRequest = httpRequest;
				const fault = 'the link is no web address';
				expect(await openDownload(context, link)).toEqual({ fault });
			});
			expect(httpRequest).not.toHaveBeenCalled();
		},
	);

	it('says why it opens nothing', async () => {
		respond = (response) => response.writeHead(403).end();
		const fault = await asNode(
			{ apiToken: '', baseUrl: 'http://127.0.0.1' },
			async (context) => await openDownload(context, url),
		);
		expect(fault).toEqual({ fault: 'HTTP 403' });
	});

	it.each([204, 403, 404, 500])('opens nothing that is answered with %i', async (status) => {
		respond = (response) => response.writeHead(status).end();
		expect(await download()).toBeUndefined();
	});

	it('opens nothing when the connection breaks', async () => {
		respond = (response) => response.destroy();
		expect(await download()).toBeUndefined();
	});

	it('tells of a file that is cut off when it is read', async () => {
		respond = (response) => {
			response.writeHead(200, { 'content-length': 1_000 });
			response.write(CONTENT, () => response.destroy());
		};
		await expect(download()).rejects.toThrow('aborted');
	});
});

describe('shortFault', () => {
	const coded = (code: unknown) => Object.assign(new Error('it broke'), { code });

	it.each([
		[new Error('it broke'), 'it broke'],
		[coded('ENOSPC'), 'ENOSPC'],
		[coded(5), 'it broke'],
		[new Error('outer', { cause: coded('ECONNRESET') }), 'ECONNRESET'],
		[new Error('outer', { cause: { code: 'ECONNRESET' } }), 'outer'],
		[new Error('outer', { cause: new Error('inner') }), 'outer'],
		[Object.assign(coded('EOUTER'), { cause: coded('EINNER') }), 'EOUTER'],
		['odd', 'odd'],
		[undefined, 'undefined'],
	])('%p: %s', (fault, expected) => {
		expect(shortFault(fault)).toBe(expected);
	});
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- packs files as servers do, never part of the node */
import { gzipSync } from 'node:zlib';

import type { IExecuteFunctions } from 'n8n-workflow';

import { fetchFile, type AboutFile } from '../../../../nodes/ComfyControl/transport/fetchFile';
import type { FileAnswer } from '../../../../nodes/ComfyControl/transport/fileRequest';
import { drip, hang, reset, type Answering } from '../../../support/apiServer';
import { asNode } from '../../../support/asNode';
import { clock } from '../../../support/clock';
import {
	chunked,
	cutOff,
	endless,
	file,
	FileServer,
	redirect,
	saying,
	slowly,
} from '../../../support/fileServer';

const CONTENT = Buffer.from('the bytes of a picture');
const MOST_BYTES = 1_000_000;
const MINUTE_MS = 60_000;
const NOT_FOUND = { message: 'it is not there', description: 'Look elsewhere.' };

let web: FileServer;
beforeAll(async () => {
	web = await FileServer.start();
});
afterEach(() => web.reset());
afterAll(() => web.stop());

/** A file is what comes with the status 200. */
function aboutFile({
	statusCode,
}: FileAnswer): { value: AboutFile } | { problem: typeof NOT_FOUND } {
	return statusCode === 200
		? { value: { fileName: 'barn', mimeType: 'image/png' } }
		: { problem: NOT_FOUND };
}

async function fetch(url: string, prepare = (context: IExecuteFunctions) => context) {
	return await asNode({ apiToken: 'cfc_secret', baseUrl: web.origin }, async (context) => {
		return await fetchFile(prepare(context), url, MOST_BYTES, aboutFile);
	});
}

/** What came of a path whose requests are answered so, one after the other. */
async function fetched(...answers: Answering[]) {
	const came = await fetch(web.serve('/a', ...answers));
	if (!('value' in came)) return came;
	return { ...came.value, content: Buffer.from(came.value.data, 'base64') };
}

/** Answers with one header after the other, for ever. */
const drippingHeaders: Answering = async ({ socket }) => {
	socket?.write('HTTP/1.1 200 OK\r\n');
	while (socket && !socket.destroyed) {
		socket.write('x: y\r\n');
		await clock.hold(socket, 5_000);
	}
};

describe('a file', () => {
	it('is kept by the name and type that it was given', async () => {
		expect(await fetched(file(CONTENT))).toMatchObject({
			fileName: 'barn',
			mimeType: 'image/png',
			content: CONTENT,
		});
		expect(web.requests).toMatchObject([
			{ headers: { accept: '*/*', 'accept-encoding': 'identity' } },
		]);
		expect(web.signedIn('cfc_secret')).toEqual([]);
	});

	it('is fetched from where its address leads', async () => {
		web.serve('/b', file(CONTENT));
		expect(await fetched(redirect('/b'))).toMatchObject({ content: CONTENT });
	});

	it.each([
		['of known size', file(Buffer.alloc(MOST_BYTES))],
		['of untold size', chunked([Buffer.alloc(MOST_BYTES / 2), Buffer.alloc(MOST_BYTES / 2)])],
		['packed', file(gzipSync(Buffer.alloc(MOST_BYTES)), { 'content-encoding': 'gzip' })],
	])('may be as large as it may be: %s', async (_what, answer) => {
		expect(await fetched(answer)).toMatchObject({ content: { length: MOST_BYTES } });
	});

	it.each([
		['of untold size', endless(Buffer.alloc(MOST_BYTES + 1))],
		['packed', endless(gzipSync(Buffer.alloc(MOST_BYTES + 1)), { 'content-encoding': 'gzip' })],
	])('is let go once it is larger: %s', async (_what, answer) => {
		expect(await fetched(answer)).toEqual({ fault: 'EFBIG' });
		expect(web.requests).toHaveLength(1);
		await web.left();
	});

	it.each([
		['trouble at its server', saying(500)],
		['a limit', saying(429)],
		['a connection that breaks', reset],
		['a connection that breaks midway', cutOff(CONTENT)],
	])(
		'is fetched again after %s, and again, after longer and longer pauses',
		async (_what, answer) => {
			const startMs = clock.nowMs();
			expect(await fetched(answer, answer, file(CONTENT))).toMatchObject({ content: CONTENT });
			expect([web.requests.length, clock.nowMs() - startMs]).toEqual([3, 1_500]);
		},
	);

	it.each([
		['trouble', saying(503), { problem: NOT_FOUND }],
		['a fault', reset, { fault: 'ECONNRESET' }],
	])('is given up after six times of %s', async (_what, answer, came) => {
		expect(await fetched(answer)).toMatchObject(came);
		expect(web.requests).toHaveLength(6);
	});

	it.each([
		['nothing there', saying(404), { problem: NOT_FOUND }],
		['a refusal', saying(428), { problem: NOT_FOUND }],
		['no answer', hang, { fault: 'ETIMEDOUT' }],
		[
			'a file that stops coming',
			slowly({ sizeBytes: 900_000, everyMs: Infinity }),
			{ fault: 'ECONNRESET' },
		],
	])('is asked for once after %s', async (_what, answer, came) => {
		expect(await fetched(answer)).toMatchObject(came);
		expect(web.requests).toHaveLength(1);
		await web.left();
	});

	it('says what it is that nobody answers', async () => {
		const gone = await FileServer.start();
		gone.stop();
		expect(await fetch(`${gone.origin}/a`)).toEqual({ fault: 'ECONNREFUSED', block: undefined });
	});

	it('gives the message of an error that has no code', async () => {
		const failing =
			(thrown: unknown) =>
			(context: IExecuteFunctions): IExecuteFunctions => {
				const httpRequest = async () => await Promise.reject(thrown);
				const helpers: typeof context.helpers = Object.create(context.helpers, {
					httpRequest: { value: httpRequest },
				});
				return Object.create(context, { helpers: { value: helpers } });
			};
		for (const thrown of [
			new Error('no disk'),
			'no disk',
			Object.assign(new Error('no disk'), { code: 7 }),
		]) {
			expect(await fetch(web.origin, failing(thrown))).toEqual({
				fault: 'no disk',
				block: undefined,
			});
		}
	});

	it.each([
		['an answer that drips before it begins', drippingHeaders, MINUTE_MS],
		['a small file that drips', slowly({ sizeBytes: 10_000, everyMs: 5_000 }), MINUTE_MS + 1_000],
		['one of untold size that drips', drip, MINUTE_MS + MOST_BYTES / 50],
	])('is given up in a time that goes by its size: %s', async (_what, answer, endMs) => {
		const startMs = clock.nowMs();
		expect(await fetched(answer)).toMatchObject({ fault: 'ETIMEDOUT' });
		expect(clock.nowMs() - startMs).toBe(endMs);
		expect(web.requests).toHaveLength(1);
		await web.left();
	});
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- looks into errors in tests, never part of the node */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';

import { SsrfProtectionConfig } from '@n8n/config';
import { Container } from '@n8n/di';
import type { IExecuteFunctions } from 'n8n-workflow';

import { isAnything, isEntity } from '../../../../nodes/ComfyControl/api/endpoint';
import { mayHaveStarted } from '../../../../nodes/ComfyControl/transport/errors';
import { bytesOf, MultipartBody } from '../../../../nodes/ComfyControl/transport/multipart';
import {
	accountOf,
	apiRequest,
	isLimitShared,
	wasRefusedSince,
	type ApiRequest,
} from '../../../../nodes/ComfyControl/transport/request';
import { clock } from '../../../support/clock';
import { asNode } from '../../../support/asNode';
import {
	after,
	ApiServer,
	drip,
	hang,
	ok,
	reset,
	status,
	type Answering,
} from '../../../support/apiServer';
import { editorContext } from '../../../support/engine';

const TOKEN = 'cfc_secret';

let api: ApiServer;
let startMs: number;

beforeAll(async () => {
	api = await ApiServer.start();
});
beforeEach(async () => {
	// The limit of the tests before is none of this one's.
	await clock.pause(60_000);
	startMs = clock.nowMs();
	api.reset();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => api.stop());

async function send(
	request: Partial<ApiRequest<unknown>> = {},
	{ baseUrl = api.url, signal }: { baseUrl?: string; signal?: AbortSignal } = {},
) {
	return await asNode({ apiToken: TOKEN, baseUrl }, async (context) => {
		const execution: IExecuteFunctions = Object.create(context, {
			...(signal && { getExecutionCancelSignal: { value: () => signal } }),
		});
		return await apiRequest(execution, {
			method: 'GET',
			path: '/v1/workflow/w1',
			isExpected: isAnything,
			itemIndex: 4,
			...request,
		});
	});
}

async function failure(...args: Parameters<typeof send>) {
	return await send(...args).then(
		() => {
			throw new Error('It did not fail');
		},
		(error: unknown) => error,
	);
}

const passedMs = () => clock.nowMs() - startMs;
const start = { method: 'POST', startsWorkflow: true } as const;

describe('a request', () => {
	it('goes to the address of the credential, with the token and the query', async () => {
		expect(await send({ query: { page: 2 } }, { baseUrl: `${api.url}/proxy/v1/` })).toEqual({
			id: '1',
		});
		expect(api.requests).toMatchObject([
			{
				method: 'GET',
				url: '/proxy/v1/workflow/w1?page=2',
				headers: {
					authorization: `Bearer ${TOKEN}`,
					accept: 'application/json',
					'user-agent': 'n8n-nodes-comfycontrol',
				},
			},
		]);
	});

	it('carries JSON, or a form', async () => {
		await send({ method: 'PUT', body: { name: 'x' } });
		await send({ method: 'POST', body: new MultipartBody([{ field: '$prompt', text: 'a fox' }]) });
		const [json, form] = api.requests;
		expect(json).toMatchObject({ method: 'PUT', body: '{"name":"x"}' });
		expect(form.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
		expect(form.body).toContain('name="$prompt"');
		expect(form.body).toContain('a fox');
	});

	it.each(['nowhere', 'ftp://127.0.0.1', ''])('is not sent to the address %j', async (baseUrl) => {
		expect(await failure({}, { baseUrl })).toMatchObject({
			name: 'NodeOperationError',
			message: "The Base URL in the ComfyControl credential isn't a web address",
			description: expect.stringContaining('https://api.comfycontrol.app'),
			context: { itemIndex: 4 },
		});
		expect(api.requests).toEqual([]);
	});

	it('does not follow a redirect', async () => {
		api.always(status(302, {}, { location: `${api.url}/elsewhere` }));
		expect(await failure()).toMatchObject({ httpCode: '302' });
		expect(api.requests.map(({ url }) => url)).toEqual(['/v1/workflow/w1']);
	});

	it('never shows its token or its secrets', async () => {
		api.always(status(400, { message: `Bearer ${TOKEN} with hunter2` }));
		const error = await failure({ secrets: ['hunter2'] });
		expect(error).toMatchObject({ message: 'Bearer *** with ***' });
		expect(inspect(error, { depth: 10 })).not.toMatch(/secret|hunter2/);
	});
});

describe('an answer', () => {
	it('tells the time of the API, when it has a date that is one', async () => {
		const onServerTime = jest.fn();
		const date = 'Sat, 28 Nov 2026 12:00:00 GMT';
		api.next(status(200, {}, { date }), status(200, {}, { date: 'soon' }));
		await send({ onServerTime });
		await send({ onServerTime });
		expect(onServerTime.mock.calls).toEqual([[Date.parse(date)]]);
	});

	it('is given as the text that came, where that is wanted', async () => {
		api.always((response) => response.end('{ "seed": 12345678901234567890 }'));
		expect(await send({ answerAsText: true })).toBe('{ "seed": 12345678901234567890 }');
		expect(await send()).toEqual({ seed: 12345678901234567000 });
	});

	it.each([200, 201, 299])('with the status %i is a success', async (statusCode) => {
		api.always(status(statusCode, { id: '1' }));
		expect(await send()).toEqual({ id: '1' });
	});

	it.each([300, 304])('with the status %i is none', async (statusCode) => {
		api.always(status(statusCode));
		expect(await failure()).toMatchObject({ httpCode: String(statusCode) });
	});
});

describe('what an execution knows of its requests', () => {
	const known = async (baseUrl: string, work: (context: IExecuteFunctions) => Promise<unknown>) =>
		await asNode({ apiToken: TOKEN, baseUrl }, work);

	it('is that none of its own was refused, before the first one too', async () => {
		const nothing = await known(api.url, async (context) => {
			const before = [isLimitShared(context), wasRefusedSince(context, 0)];
			await apiRequest(context, { method: 'GET', path: '/', isExpected: isAnything, itemIndex: 0 });
			return [...before, wasRefusedSince(context, startMs)];
		});
		expect(nothing).toEqual([false, false, false]);
	});

	it('is that one was refused, and that others seem to use the limit', async () => {
		api.next(status(429));
		const told = await known(api.url, async (context) => {
			const sinceMs = clock.nowMs();
			await apiRequest(context, { method: 'GET', path: '/', isExpected: isAnything, itemIndex: 0 });
			return [isLimitShared(context), wasRefusedSince(context, sinceMs)];
		});
		expect(told).toEqual([true, true]);
	});

	it('is which account is asked, without its token', async () => {
		const account = async (apiToken: string, baseUrl = api.url) =>
			await asNode({ apiToken, baseUrl }, async (context) => await accountOf(context, undefined));
		const mine = await account(TOKEN);
		expect(mine).toMatch(/^[\da-f]{64}$/);
		expect([await account(TOKEN), await account(` ${TOKEN}`)]).toEqual([mine, mine]);
		const others = [await account('cfc_other'), await account(TOKEN, 'http://127.0.0.1:1')];
		expect(new Set([mine, ...others]).size).toBe(3);
	});
});

describe('a request that was refused for now', () => {
	// After many refusals the silence is stretched, by chance.
	beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));

	it('goes before those that came later', async () => {
		api.next(after(1_000, status(429)), status(429));
		await asNode({ apiToken: TOKEN, baseUrl: api.url }, async (context) => {
			const ask = async (path: string) =>
				await apiRequest(context, { method: 'GET', path, isExpected: isAnything, itemIndex: 0 });
			const all = [ask('/1')];
			await clock.until(() => api.requests.length === 1);
			all.push(ask('/2'));
			await clock.until(() => wasRefusedSince(context, startMs));
			all.push(ask('/3'));
			await Promise.all(all);
		});
		expect(api.requests.slice(2).map(({ url }) => url)).toEqual(['/2', '/1', '/3']);
	});

	it.each([
		[{ 'retry-after': '7' }, 7_000],
		[{}, 10_000],
	])('is sent again after the cooldown, with %j after %i ms', async (headers, waitedMs) => {
		api.next(status(429, undefined, headers));
		expect(await send(start)).toEqual({ id: '1' });
		expect(api.requests).toHaveLength(2);
		expect(passedMs()).toBe(waitedMs);
	});

	it('is given up after thirty cooldowns', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0);
		api.always(status(429));
		expect(await failure(start)).toMatchObject({ httpCode: '429', context: { itemIndex: 4 } });
		expect(api.requests).toHaveLength(31);
		expect(passedMs()).toBe(300_000);
	});

	it('is given up when its time is over', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0);
		api.always(status(429));
		expect(await failure({ untilMs: startMs + 25_000 })).toMatchObject({ httpCode: '429' });
		expect(api.requests).toHaveLength(4);
	});
});

describe('a read', () => {
	it.each([
		['a 5xx', status(503, { message: 'busy' })],
		['a broken connection', reset],
		['a 408 of a proxy', status(408)],
		['an answer that is no JSON', (response) => void response.end('{"id":')],
		['an empty answer', status(200)],
	] satisfies Array<[string, Answering]>)('is sent again after %s', async (_what, answer) => {
		api.next(answer, answer);
		expect(await send({ isExpected: isEntity })).toEqual({ id: '1' });
		expect(api.requests).toHaveLength(3);
		expect(passedMs()).toBe(500 + 1_000);
	});

	it('is given up after five more tries', async () => {
		api.always(status(500, { message: 'broken' }));
		expect(await failure()).toMatchObject({ message: 'Broken', httpCode: '500' });
		expect(api.requests).toHaveLength(6);
		expect(passedMs()).toBe(15_500);
	});

	it('is given up when its time would be over before the next try', async () => {
		api.always(status(500));
		await failure({ untilMs: startMs + 1_600 });
		expect(api.requests).toHaveLength(3);
		api.reset();
		api.always(status(500));
		startMs = clock.nowMs();
		await failure({ untilMs: startMs + 3_500 });
		expect(api.requests).toHaveLength(4);
	});

	it('is sent again when no answer comes in time', async () => {
		api.next(hang);
		expect(await send()).toEqual({ id: '1' });
		expect(api.requests).toHaveLength(2);
		expect(passedMs()).toBe(30_000 + 500);
	});

	it.each([
		['a list', ok([{ id: '1' }])],
		['an object without what it is about', ok({ ok: true })],
		['a text', ok('nothing')],
		['a web page', (response) => void response.end('<!DOCTYPE html><title>Welcome</title>')],
	] satisfies Array<[string, Answering]>)(
		'is not sent again when the answer is %s',
		async (_what, answer) => {
			api.always(answer);
			expect(await failure({ isExpected: isEntity })).toMatchObject({
				message: expect.stringContaining("ComfyControl's answer can't be read"),
			});
			expect(api.requests).toHaveLength(1);
			expect(passedMs()).toBe(0);
		},
	);

	it.each([400, 401, 403, 404])('is not sent again after %i', async (statusCode) => {
		api.always(status(statusCode, {}));
		const subject = { noun: 'workflow', id: 'w1' };
		expect(await failure({ subject })).toMatchObject({
			name: 'NodeApiError',
			httpCode: String(statusCode),
			context: { itemIndex: 4 },
		});
		expect(api.requests).toHaveLength(1);
	});
});

describe('a start', () => {
	it.each([
		['a 5xx', status(500), true],
		['a broken connection', reset, true],
		['an answer that makes no sense', ok('nothing'), true],
		['a redirect', status(307, undefined, { location: '/elsewhere' }), true],
		['a 408', status(408), true],
		['a 499', status(499), true],
		['a refusal', status(400), false],
		['a refusal by a proxy', status(407), false],
	])('is not sent again after %s', async (_what, answer, mayRun) => {
		api.always(answer);
		const error = await failure({ ...start, isExpected: isEntity });
		expect(api.requests).toHaveLength(1);
		expect(error).toBeInstanceOf(Error);
		expect(mayHaveStarted(Object(error))).toBe(mayRun);
		const sentAt = new Date(startMs).toISOString();
		expect(JSON.stringify(error).includes(sentAt)).toBe(mayRun);
	});

	it('may take longer than a read until its answer comes', async () => {
		api.next(after(299_000, ok({ id: '2' })));
		expect(await send(start)).toEqual({ id: '2' });
	});

	it('says which file could not be read', async () => {
		const open = async () => await Promise.reject(new Error('ENOENT: gone'));
		const file = { fileName: 'a.png', mimeType: 'image/png', sizeBytes: 4, open };
		const body = new MultipartBody([{ field: '$image', file }]);
		expect(await failure({ ...start, body })).toMatchObject({
			message: expect.stringContaining("The file 'a.png' could not be read completely"),
		});
	});
});

describe('an upload that the API does not read to its end', () => {
	const REFUSAL = JSON.stringify({ status: 413, message: 'File size exceeds 50MB limit' });
	const ANSWER = [
		'HTTP/1.1 413 Payload Too Large',
		'Content-Type: application/json',
		`Content-Length: ${REFUSAL.length + 100}`,
		'',
		REFUSAL,
	].join('\r\n');

	/** Sends more than the connection takes before it is read to an API that answers like this. */
	async function failedUpload(answer: (socket: Socket) => void) {
		const sockets: Socket[] = [];
		const server = createServer((socket) => {
			sockets.push(socket);
			socket.on('error', () => {}).once('data', () => answer(socket));
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const chunks = new Array<Buffer>(400).fill(Buffer.alloc(100_000));
		const file = {
			fileName: 'a.png',
			mimeType: 'image/png',
			sizeBytes: 40_000_000,
			open: async () => Readable.from(chunks),
		};
		const body = new MultipartBody([{ field: '$image', file }]);
		const baseUrl = `http://127.0.0.1:${port}`;
		try {
			return Object(await failure({ ...start, body }, { baseUrl }));
		} finally {
			for (const socket of sockets) socket.destroy();
			server.close();
		}
	}

	it('is told as the refusal when that came, although the connection closed', async () => {
		const error = await failedUpload((socket) => {
			socket.pause();
			socket.end(ANSWER);
		});
		expect(error).toMatchObject({
			httpCode: '413',
			message: 'The request is larger than ComfyControl accepts',
		});
		expect(mayHaveStarted(error)).toBe(false);
	});

	it('has started nothing when no answer came', async () => {
		const error = await failedUpload((socket) => socket.destroy());
		expect(error).toMatchObject({
			message: expect.stringMatching(/^The upload to ComfyControl broke off/),
			description: expect.stringContaining('did nothing'),
		});
		expect(mayHaveStarted(error)).toBe(false);
	});
});

describe('a refusal whose text does not come to its end', () => {
	it.each([
		['is cut off', (response: ServerResponse) => response.destroy()],
		['has no end', () => {}],
	])('is told as far as it came, when it %s', async (_what, then) => {
		api.always((response) => {
			response.writeHead(403, { 'content-type': 'application/json' });
			response.write('{"status":403,"message":"limit reached"}', () => then(response));
			if (response.socket) void clock.hold(response.socket, Infinity);
		});
		expect(await failure(start)).toMatchObject({ httpCode: '403', message: 'Limit reached' });
		expect(api.requests).toHaveLength(1);
	});
});

describe('a request that something keeps from going out', () => {
	it('was not sent: by n8n’s SSRF protection', async () => {
		const protection = Container.get(SsrfProtectionConfig);
		protection.enabled = true;
		const error = await failure(start).finally(() => (protection.enabled = false));
		expect(error).toMatchObject({
			message: "n8n's SSRF protection blocks the request to ComfyControl",
			description: expect.stringMatching(/^Nothing was sent\. .*N8N_SSRF_ALLOWED_HOSTNAMES/),
		});
		expect(mayHaveStarted(Object(error))).toBe(false);
		expect(api.requests).toEqual([]);
	});

	it('is not tried again, if it is a read', async () => {
		const protection = Container.get(SsrfProtectionConfig);
		protection.enabled = true;
		await failure().finally(() => (protection.enabled = false));
		expect(passedMs()).toBe(0);
	});
});

describe('in the editor', () => {
	async function failureInEditor() {
		const credentials = { apiToken: TOKEN, baseUrl: api.url };
		const context = editorContext({ parameters: {}, credentials });
		const path = '/v1/workflow';
		return await apiRequest(context, { method: 'GET', path, isExpected: isEntity }).catch(
			(error: unknown) => error,
		);
	}

	it.each([
		['that is down', reset, 500],
		['that has trouble', status(503), 500],
		['that says nothing of use', status(200), 500],
		['that does not answer', hang, 2 * 10_000 + 500],
		['whose limit is used up', status(429), 10_000],
	])('an API %s is asked once more at most', async (_what, answer, waitedMs) => {
		jest.spyOn(Math, 'random').mockReturnValue(0);
		api.always(answer);
		expect(await failureInEditor()).toBeInstanceOf(Error);
		expect(api.requests).toHaveLength(2);
		expect(passedMs()).toBe(waitedMs);
	});

	it('one that answers the second time is no failure', async () => {
		api.next(reset);
		expect(await failureInEditor()).toEqual({ id: '1' });
	});

	it('one that answers something else is not asked again', async () => {
		api.always(ok({ workflows: 'none' }));
		expect(await failureInEditor()).toBeInstanceOf(Error);
		expect(api.requests).toHaveLength(1);
	});
});

describe('an answer that has no end', () => {
	it('is given up after two minutes for a read, and asked for again', async () => {
		api.next(drip);
		expect(await send()).toEqual({ id: '1' });
		expect(passedMs()).toBe(120_000 + 500);
	});

	it('is given up for a read after the second one', async () => {
		api.always(drip);
		expect(await failure()).toMatchObject({
			message: 'ComfyControl did not answer in time (ETIMEDOUT)',
		});
		expect(api.requests).toHaveLength(2);
		expect(passedMs()).toBe(240_000 + 500);
	});

	it('is given up for a read when its time is over, but for what an answer from far away needs', async () => {
		api.always(drip);
		const error = await failure({ untilMs: startMs + 40_000 });
		expect(error).toMatchObject({
			message: 'ComfyControl did not answer in time (ETIMEDOUT)',
			context: { itemIndex: 4 },
		});
		expect(passedMs()).toBe(40_000);
		startMs = clock.nowMs();
		await failure({ untilMs: startMs });
		expect(passedMs()).toBe(15_000);
	});

	it('is given up for a start by the size of what is sent, and the start is not sent again', async () => {
		api.always(drip);
		const open = async () => bytesOf(Buffer.alloc(5_000_000));
		const file = { fileName: 'a.png', mimeType: 'image/png', sizeBytes: 5_000_000, open };
		const body = new MultipartBody([{ field: '$image', file }]);
		const error = await failure({ ...start, body });
		expect(mayHaveStarted(Object(error))).toBe(true);
		expect(api.requests).toHaveLength(1);
		expect(passedMs()).toBe(300_000 + 100_000);
	});

	it('is not read beyond 64 MB, nor asked for again', async () => {
		api.always((response) => void response.end(Buffer.alloc(65 * 1024 * 1024, ' ')));
		expect(await failure()).toMatchObject({
			message: "ComfyControl's answer is larger than 64 MB and was not read to its end",
		});
		expect(api.requests).toHaveLength(1);
	});

	it('ends at once when the execution is stopped', async () => {
		const stop = new AbortController();
		api.always(drip);
		void clock.pause(12_000).then(() => stop.abort());
		expect(await failure({}, { signal: stop.signal })).toMatchObject({
			name: 'ManualExecutionCancelledError',
		});
		expect(passedMs()).toBe(12_000);
	});
});

describe('when the execution is stopped', () => {
	const file = { fileName: 'a.png', mimeType: 'image/png', sizeBytes: 3 };
	const upload = () =>
		new MultipartBody([
			{ field: '$image', file: { ...file, open: async () => bytesOf(Buffer.from('png')) } },
		]);

	it('before a request, nothing is sent', async () => {
		const signal = AbortSignal.abort();
		expect(await failure({}, { signal })).toMatchObject({ name: 'ManualExecutionCancelledError' });
		expect(api.requests).toEqual([]);
	});

	it('a request that goes on is sent all the same', async () => {
		expect(await send({ ifStopped: 'goOn' }, { signal: AbortSignal.abort() })).toEqual({ id: '1' });
	});

	it('one that is under way ends at once, and is not sent again', async () => {
		const stop = new AbortController();
		api.always((response) => {
			stop.abort();
			hang(response);
		});
		const error = await failure({}, { signal: stop.signal });
		expect(error).toMatchObject({ name: 'ManualExecutionCancelledError' });
		expect(api.requests).toHaveLength(1);
	});

	it('an answer that is there already is handed on', async () => {
		const stop = new AbortController();
		const isExpected = (body: unknown): body is unknown => {
			stop.abort();
			return isAnything(body);
		};
		expect(await send({ isExpected }, { signal: stop.signal })).toEqual({ id: '1' });
	});

	it('the answer to a wholly sent upload is awaited', async () => {
		const stop = new AbortController();
		api.next((response) => {
			stop.abort();
			ok({ id: 'started' })(response);
		});
		const request = { ...start, body: upload(), ifStopped: 'awaitAnswer' as const };
		expect(await send(request, { signal: stop.signal })).toEqual({ id: 'started' });
	});

	it('an upload that is not wholly sent ends at once', async () => {
		const stop = new AbortController();
		const file = { fileName: 'a.png', mimeType: 'image/png', sizeBytes: 1_000 };
		const open = async () => {
			stop.abort();
			return bytesOf(Buffer.alloc(1_000));
		};
		const body = new MultipartBody([{ field: '$image', file: { ...file, open } }]);
		const request = { ...start, body, ifStopped: 'awaitAnswer' as const };
		expect(await failure(request, { signal: stop.signal })).toMatchObject({
			name: 'ManualExecutionCancelledError',
		});
		expect(api.requests).toEqual([]);
	});
});

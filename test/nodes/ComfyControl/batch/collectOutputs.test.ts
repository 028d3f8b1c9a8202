/* eslint-disable @n8n/community-nodes/no-restricted-imports -- reads a stream in tests, never part of the node */
import { text } from 'node:stream/consumers';

import type { IExecuteFunctions } from 'n8n-workflow';

import { collectOutputs } from '../../../../nodes/ComfyControl/batch/collectOutputs';
import type { OutputSettings } from '../../../../nodes/ComfyControl/batch/settings';
import { at } from '../../../support/guards';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { clock } from '../../../support/clock';
import { asNode } from '../../../support/asNode';

const SETTINGS = {
	downloadOutputs: true,
	outputMode: 'file',
	binaryField: 'data',
	fileName: '',
} as const;

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ clock, rateLimit: false });
});
afterEach(() => sandbox.reset());
afterAll(async () => await sandbox.stop());

async function collect(
	prepare: (context: IExecuteFunctions) => void = () => {},
	settings: Partial<OutputSettings> = {},
) {
	return await asNode({ apiToken: sandbox.token, baseUrl: sandbox.apiUrl }, async (context) => {
		prepare(context);
		const wanted = { itemIndex: 2, workflow: workflow() };
		return await collectOutputs(context, wanted, { ...SETTINGS, ...settings });
	});
}

function workflow() {
	return {
		id: sandbox.seeds.textToImage,
		name: 'Picture',
		status: 'completed',
		tags: ['gpu'],
		created_at: '2026-01-01T00:00:00Z',
		updated_at: '2026-01-01T00:00:04Z',
		started_at: '2026-01-01T00:00:02Z',
		completed_at: '2026-01-01T00:00:04Z',
		workflow_json: {},
	};
}

/** Answers the next time that outputs are listed with these. */
function list(...outputs: unknown[]): void {
	sandbox.failNext({
		on: { path: /outputs$/, host: 'api' },
		kind: 'http',
		status: 200,
		body: outputs,
	});
}

/** Lists two outputs next time, with the seeded one's link, which it gives. */
async function listTwo(): Promise<string> {
	const [{ json }] = await collect(undefined, { downloadOutputs: false });
	const src = String(at(json, 'outputs', 0, 'src'));
	sandbox.reset();
	list({ id: 'one', src }, { id: 'two', src });
	return src;
}

/** Lets n8n keep no more than the beginning of the next files, without an error. */
function loseBytes({ helpers }: IExecuteFunctions, times: number): void {
	const { prepareBinaryData } = helpers;
	let left = times;
	helpers.prepareBinaryData = async (data, ...about) => {
		if (left-- <= 0 || Buffer.isBuffer(data)) return await prepareBinaryData(data, ...about);
		await text(data);
		return await prepareBinaryData(Buffer.from('the beginning'), ...about);
	};
}

function linksUsed(): string[] {
	return sandbox.downloads.map(({ query }) => query.expires);
}

describe('collectOutputs', () => {
	it('tells as many bytes as n8n keeps, in the item itself too', async () => {
		const [{ json, binary }] = await collect();
		const bytes = Buffer.from(binary?.data.data ?? '', 'base64').length;
		expect(bytes).toBeGreaterThan(1_000);
		expect(binary?.data).toMatchObject({ bytes, mimeType: 'image/png' });
		expect(json.outputs).toMatchObject([{ fileSize: bytes }]);
	});

	it('tells of the workflow what a list does, without its large definition', async () => {
		const [{ json }] = await collect();
		const told = { ...workflow(), workflow_json: undefined, outputs: [expect.anything()] };
		expect(json).toEqual(told);
		expect(json).not.toHaveProperty('workflow_json');
	});

	it('makes an item for each file, with what is known of that file', async () => {
		const src = await listTwo();
		const items = await collect();
		expect(items.map(({ json }) => json.outputs)).toEqual(
			['one', 'two'].map((id) => [
				{
					id,
					src,
					fileName: expect.any(String),
					mimeType: 'image/png',
					fileSize: expect.any(Number),
				},
			]),
		);
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data'], ['data']]);
	});

	it('makes one item for all files, in fields that are counted', async () => {
		await listTwo();
		const [{ json, binary }, ...more] = await collect(undefined, { outputMode: 'workflow' });
		expect(more).toEqual([]);
		expect(json.outputs).toMatchObject([{ id: 'one' }, { id: 'two' }]);
		expect(Object.keys(binary ?? {})).toEqual(['data', 'data_1']);
	});

	it.each(['file', 'workflow'] as const)(
		'makes one item of links alone, for each %s',
		async (outputMode) => {
			const src = await listTwo();
			const items = await collect(undefined, { downloadOutputs: false, outputMode });
			expect(items).toHaveLength(1);
			const fileName = expect.stringMatching(/\.png$/);
			expect(items[0].json.outputs).toEqual([
				{ id: 'one', src, fileName },
				{ id: 'two', src, fileName },
			]);
			expect(items[0]).not.toHaveProperty('binary');
			expect(sandbox.downloads).toEqual([]);
		},
	);

	it.each(['file', 'workflow'] as const)(
		'makes one item without files when there are none, for each %s',
		async (outputMode) => {
			list();
			const items = await collect(undefined, { outputMode });
			expect(items).toMatchObject([{ json: { outputs: [] } }]);
			expect(items[0]).not.toHaveProperty('binary');
		},
	);

	it('fetches files side by side, some at once, and keeps their order', async () => {
		const [{ json }] = await collect(undefined, { downloadOutputs: false });
		const src = String(at(json, 'outputs', 0, 'src'));
		sandbox.reset();
		const ids = Array.from({ length: 24 }, (_, index) => `output ${index}`);
		list(...ids.map((id) => ({ id, src })));
		let underWay = 0;
		let most = 0;
		const items = await collect(({ helpers }) => {
			const { prepareBinaryData } = helpers;
			helpers.prepareBinaryData = async (...file) => {
				most = Math.max(most, ++underWay);
				const kept = await prepareBinaryData(...file);
				// The first ones come last.
				await clock.pause(1_000 - 10 * sandbox.downloads.length);
				underWay--;
				return kept;
			};
		});
		expect(items.map((item) => at(item.json, 'outputs', 0, 'id'))).toEqual(ids);
		expect(most).toBe(20);
	});

	it('tells two outputs of one id apart when it asks for a fresh link', async () => {
		const src = await listTwo();
		const other = src.replace(/\?/, '?second=1&');
		sandbox.reset();
		const twins = [src, other].map((each) => ({ id: 'twin', src: each }));
		list(...twins);
		list(...twins);
		sandbox.failNext({ on: { host: 'storage' }, kind: 'http', status: 503, after: 1 });
		await collect();
		const failed = sandbox.downloads.find(({ status }) => status === 503);
		expect(sandbox.downloads).toHaveLength(3);
		expect(sandbox.downloads[2].query.second).toBe(failed?.query.second);
	});

	it('fetches a file by a fresh link when not all of it was kept', async () => {
		const [item, ...more] = await collect((context) => loseBytes(context, 2));
		const bytes = Buffer.from(item.binary?.data.data ?? '', 'base64').length;
		expect(bytes).toBeGreaterThan(1_000);
		expect(more).toEqual([]);
		expect(new Set(linksUsed()).size).toBe(3);
		expect(sandbox.requests.filter(({ path }) => path.endsWith('/outputs'))).toHaveLength(3);
	});

	it('gives no file that is never there as a whole', async () => {
		await expect(collect((context) => loseBytes(context, Infinity))).rejects.toThrow(
			/^The output '.*' of workflow .* could not be downloaded \(13 of \d+ bytes\)$/,
		);
		expect(new Set(linksUsed()).size).toBe(4);
	});

	it('tries the link again that it has when no fresh one is listed', async () => {
		sandbox.failNext({ on: { host: 'storage' }, kind: 'http', status: 403 });
		const none = { kind: 'http', status: 200, body: [], after: 1 } as const;
		sandbox.failNext({ on: { path: /outputs$/, host: 'api' }, ...none });
		expect(await collect()).toHaveLength(1);
		expect(new Set(linksUsed()).size).toBe(1);
	});

	it('does not try again what n8n can’t keep', async () => {
		const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
		const collecting = collect(({ helpers }) => {
			helpers.prepareBinaryData = async () => await Promise.reject(full);
		});
		await expect(collecting).rejects.toMatchObject({
			message: expect.stringMatching(/ could not be downloaded \(ENOSPC\)$/),
			description: expect.stringContaining("'Get Outputs'"),
			context: { itemIndex: 2 },
		});
		expect(sandbox.downloads).toHaveLength(1);
	});

	it('gives a link up at once that is no web address', async () => {
		const before = clock.nowMs();
		list({ id: 'one', src: 'outputs/a.png' });
		await expect(collect()).rejects.toThrow(
			/^The output 'output-1' of workflow .* could not be downloaded \(the link is no web address\)$/,
		);
		expect(clock.nowMs()).toBe(before);
		expect(sandbox.requests).toHaveLength(1);
	});

	it.each([
		['a web page', { kind: 'html', status: 200 } as const],
		['nothing', { kind: 'emptyBody' } as const],
	])('fetches a file by a fresh link when %s came', async (_what, fault) => {
		sandbox.failNext({ on: { host: 'storage' }, ...fault });
		const [{ binary }] = await collect();
		expect(binary?.data).toMatchObject({ mimeType: 'image/png' });
		expect(new Set(linksUsed()).size).toBe(2);
	});

	it.each([
		['a web page came instead of the file', { kind: 'html', status: 200 } as const],
		['it came empty', { kind: 'emptyBody' } as const],
	])('says that %s, when no link gives it', async (what, fault) => {
		sandbox.failNext({ on: { host: 'storage' }, ...fault, times: 9 });
		await expect(collect()).rejects.toThrow(`could not be downloaded (${what})`);
		expect(new Set(linksUsed()).size).toBe(4);
	});

	it('says what to set when n8n itself keeps it from the file', async () => {
		const src = 'http://127.0.0.1:9/a.png';
		list({ id: 'one', src });
		const collecting = collect(({ helpers }) => {
			const blocked = Object.assign(new Error('blocked'), { name: 'SsrfBlockedIpError' });
			helpers.httpRequest = async () => await Promise.reject(blocked);
		});
		await expect(collecting).rejects.toMatchObject({
			message: expect.stringContaining("(n8n's SSRF protection blocks it)"),
			description: expect.stringMatching(/N8N_SSRF_ALLOWED_IP_RANGES\. Then .*'Get Outputs'/),
		});
		expect(sandbox.requests).toHaveLength(1);
	});

	it.each([
		{ id: 5, src: 'https://s.example/a.png' },
		{ id: '5', src: 5 },
		{ src: 'https://s.example/a.png' },
		{ id: '5' },
		'https://s.example/a.png',
		5,
		null,
	])('fails when the list of outputs makes no sense: %j', async (output) => {
		const body = [{ id: '1', src: 'https://s.example/b.png' }, output];
		sandbox.failNext({ on: { host: 'api' }, kind: 'http', status: 200, body, times: 9 });
		await expect(collect()).rejects.toMatchObject({
			message: expect.stringContaining("ComfyControl's answer can't be read"),
			context: { itemIndex: 2 },
		});
		expect(sandbox.downloads).toEqual([]);
		expect(sandbox.requests).toHaveLength(1);
	});

	it('does not ask again for outputs that are no list', async () => {
		const before = clock.nowMs();
		sandbox.failNext({ on: { host: 'api' }, kind: 'http', status: 200, body: {}, times: 9 });
		await expect(collect()).rejects.toThrow("can't be read (it is not what was asked for)");
		expect(sandbox.requests).toHaveLength(1);
		expect(clock.nowMs()).toBe(before);
	});

	it('takes a list that is not found for an empty one', async () => {
		sandbox.failNext({ on: { host: 'api' }, kind: 'http', status: 404, body: {} });
		expect(await collect()).toMatchObject([{ json: { outputs: [] } }]);
	});

	it('fails when the list of outputs is refused', async () => {
		sandbox.failNext({ on: { host: 'api' }, kind: 'http', status: 403, body: {} });
		await expect(collect()).rejects.toMatchObject({ httpCode: '403' });
	});
});

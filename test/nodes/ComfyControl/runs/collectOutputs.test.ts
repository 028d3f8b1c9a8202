import type { IExecuteFunctions } from 'n8n-workflow';

import { collectOutputs } from '../../../../nodes/ComfyControl/runs/collectOutputs';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { nowMs } from '../../../support/fastTime';
import { asNode } from './asNode';

jest.mock('../../../../nodes/ComfyControl/transport/time', () =>
	jest.requireActual('../../../support/fastTime'),
);

const SETTINGS = { downloadOutputs: true, outputMode: 'file', binaryField: 'data' } as const;

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ now: nowMs, rateLimit: false });
});
afterEach(() => sandbox.reset());
afterAll(async () => await sandbox.stop());

async function collect(prepare: (context: IExecuteFunctions) => void = () => {}) {
	return await asNode({ apiToken: sandbox.token, baseUrl: sandbox.apiUrl }, async (context) => {
		prepare(context);
		const workflow = { id: sandbox.seeds.textToImage, status: 'completed', workflow_json: {} };
		return await collectOutputs(context, { itemIndex: 0, workflow }, SETTINGS);
	});
}

/** Lets n8n keep no more than the beginning of the next files, without an error. */
function loseBytes({ helpers }: IExecuteFunctions, times: number): void {
	const { prepareBinaryData } = helpers;
	let left = times;
	helpers.prepareBinaryData = async (data, ...about) => {
		if (left-- <= 0 || Buffer.isBuffer(data)) return await prepareBinaryData(data, ...about);
		data.destroy();
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

	it('leaves the large definition of the workflow out', async () => {
		const [{ json }] = await collect();
		expect(json).not.toHaveProperty('workflow_json');
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

	it('fails when the outputs can’t be listed', async () => {
		sandbox.failNext({
			on: { host: 'api' },
			kind: 'http',
			status: 200,
			body: [{ id: 5 }],
			times: 9,
		});
		await expect(collect()).rejects.toThrow("ComfyControl's answer can't be read");
	});
});

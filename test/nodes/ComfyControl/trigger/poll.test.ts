import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { poll } from '../../../../nodes/ComfyControl/trigger/poll';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { BinaryStore, pollContext } from '../../../support/engine';
import { clock } from '../../../support/clock';

// In all its states together.
const JOB_MS = 450;
const ALL_EVENTS = ['completed', 'failed', 'cancelled'];

let sandbox: Sandbox;
let kept: IDataObject;
const store = new BinaryStore();

beforeAll(async () => {
	await store.open();
	sandbox = await startSandbox({ clock });
});
beforeEach(() => {
	sandbox.reset();
	kept = {};
});
afterAll(async () => {
	await sandbox.stop();
	await store.close();
});

async function polled(parameters: INodeParameters = {}, mode: 'trigger' | 'manual' = 'trigger') {
	const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
	const context = pollContext(
		{ parameters: { events: ['completed'], ...parameters }, credentials },
		kept,
		mode,
	);
	const items = await poll.call(context);
	kept = context.getWorkflowStaticData('node');
	return items?.[0] ?? null;
}

/** Starts a workflow at the sandbox and waits until it has ended. */
async function finishOne(originalId = sandbox.seeds.textToImage): Promise<string> {
	const response = await fetch(`${sandbox.apiUrl}/v1/workflow/${originalId}/rerun`, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.token}` },
		body: new FormData(),
	});
	const { id } = (await response.json()) as { id: string };
	await clock.pause(JOB_MS);
	return id;
}

describe('the trigger', () => {
	it('does not fire for the past, and then once for each workflow that completes', async () => {
		expect(await polled()).toBeNull();
		const id = await finishOne();
		expect(await polled()).toMatchObject([
			{
				json: { id, status: 'completed', outputs: [{ mimeType: 'image/png' }] },
				binary: { data: { mimeType: 'image/png' } },
			},
		]);
		expect(await polled()).toBeNull();
	});

	it('fires for the events that are wanted, with the reason of a failure', async () => {
		await polled();
		sandbox.failJobs({
			status: 'failed',
			error_node: '3',
			exception_type: 'OutOfMemoryError',
			exception_message: 'Allocation on device',
		});
		const failedId = await finishOne();
		sandbox.failJobs({ status: 'cancelled' });
		const cancelledId = await finishOne();
		expect(await polled({ events: ALL_EVENTS })).toMatchObject([
			{
				json: {
					id: failedId,
					status: 'failed',
					error_node: '3',
					exception_type: 'OutOfMemoryError',
					exception_message: 'Allocation on device',
				},
			},
			{ json: { id: cancelledId, status: 'cancelled' } },
		]);
	});

	it.each([
		['another event', { events: ['failed'] }],
		['another name', { filters: { name: 'poem' } }],
		['a tag that it has not', { filters: { tags: ['production', 'video'] } }],
	])('does not fire for %s', async (_, parameters) => {
		await polled();
		await finishOne();
		expect(await polled(parameters)).toBeNull();
	});

	it.each([
		['a part of its name', { filters: { name: 'TO IMAGE' } }],
		['its tags', { filters: { tags: ['text2img', 'production'] } }],
	])('fires for %s', async (_, parameters) => {
		await polled();
		await finishOne();
		expect(await polled(parameters)).toHaveLength(1);
	});

	it('gives links alone when nothing is to be downloaded', async () => {
		await polled();
		await finishOne();
		const items = await polled({ downloadOutputs: false });
		expect(items).toMatchObject([{ json: { outputs: [{ src: expect.stringMatching(/^http/) }] } }]);
		expect(sandbox.downloads).toEqual([]);
	});

	it('fires although a file can’t be fetched, and says so', async () => {
		await polled();
		const id = await finishOne();
		sandbox.failNext({ on: { host: 'storage' }, kind: 'http', status: 403, times: 10 });
		expect(await polled()).toMatchObject([
			{ json: { id, outputsError: expect.stringContaining('could not be downloaded') } },
		]);
	});

	it('keeps its place when ComfyControl can’t be read', async () => {
		await polled();
		const id = await finishOne();
		sandbox.failNext({ on: {}, kind: 'http', status: 401, body: { message: 'Invalid token' } });
		await expect(polled()).rejects.toThrow('ComfyControl refused the API token');
		expect(await polled()).toMatchObject([{ json: { id } }]);
	});

	it('shows the newest match as a sample in the editor, and remembers nothing of it', async () => {
		expect(await polled({}, 'manual')).toMatchObject([
			{ json: { id: sandbox.seeds.textToImage, status: 'completed' }, binary: {} },
		]);
		expect(await polled({ filters: { name: 'poem' } }, 'manual')).toMatchObject([
			{ json: { id: sandbox.seeds.textOnly } },
		]);
		expect(await polled({ filters: { name: 'nothing like it' } }, 'manual')).toBeNull();
		expect(kept).toEqual({});
	});

	it('does not begin a poll while another one runs', async () => {
		await polled();
		await finishOne();
		const both = await Promise.all([polled(), polled()]);
		expect(both.filter((items) => items !== null)).toHaveLength(1);
	});
});

describe('what a poll does not get to', () => {
	/** Polls a far away ComfyControl until nothing new is there; gives the ids of each poll. */
	async function pollsOf(far: Sandbox, budgetMs?: number) {
		const credentials = { apiToken: far.token, baseUrl: far.apiUrl };
		const memory: IDataObject = {};
		const pollOnce = async () => {
			const parameters = { events: ['completed'] };
			const context = pollContext({ parameters, credentials }, memory);
			if (budgetMs !== undefined) {
				Object.defineProperty(context, 'getPollBudgetMs', { value: () => budgetMs });
			}
			const items = await poll.call(context);
			Object.assign(memory, context.getWorkflowStaticData('node'));
			return items?.[0].map(({ json }) => json.id) ?? [];
		};
		await pollOnce();
		const headers = { authorization: `Bearer ${far.token}` };
		const path = `/v1/workflow/${far.seeds.textToImage}/rerun`;
		for (let i = 0; i < 6; i++) {
			await fetch(far.apiUrl + path, { method: 'POST', headers, body: new FormData() });
		}
		await clock.pause(60_000);
		const polls: unknown[][] = [];
		do polls.push(await pollOnce());
		while (polls.at(-1)?.length !== 0 && polls.length < 9);
		const ids = far.workflows.filter(({ rerunOf }) => rerunOf !== null).map(({ id }) => id);
		expect(polls.flat().sort()).toEqual(ids.sort());
		return polls.map(({ length }) => length);
	}

	it.each([
		[undefined, [3, 3, 0]],
		[60_000, [2, 2, 2, 0]],
		[1_000, [1, 1, 1, 1, 1, 1, 0]],
	])('is left to the next, with %p ms for a poll', async (budgetMs, expected) => {
		// So that each file takes twenty seconds.
		const network = { downloadMs: 20_000 };
		const far = await startSandbox({ clock, network, rateLimit: false, pictures: 'plain' });
		try {
			expect(await pollsOf(far, budgetMs)).toEqual(expected);
		} finally {
			await far.stop();
		}
	});
});

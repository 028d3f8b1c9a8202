import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { poll } from '../../../../nodes/ComfyControl/trigger/poll';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { BinaryStore, pollContext, runNode } from '../../../support/engine';
import { rerunParameters } from '../../../support/rerun';
import { clock } from '../../../support/clock';
import { MISSING_ID } from '../../../support/stage';

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

async function polled(
	parameters: INodeParameters = {},
	mode: 'trigger' | 'manual' = 'trigger',
	at = sandbox,
) {
	const credentials = { apiToken: at.token, baseUrl: at.apiUrl };
	const context = pollContext(
		{ parameters: { events: ['completed'], ...parameters }, credentials },
		kept,
		mode,
	);
	const warn = (text: string) => void warnings.push(text);
	const logger = { value: { ...context.logger, warn } };
	const items = await poll.call(Object.create(context, { logger }));
	kept = context.getWorkflowStaticData('node');
	return items?.[0] ?? null;
}

const warnings: string[] = [];
afterEach(() => void (warnings.length = 0));

const picked = (value: string) => ({ __rl: true, mode: 'list', value });
const part = (value: string) => ({ __rl: true, mode: 'contains', value });

/** Starts a workflow at the sandbox, as anybody may. */
async function startOne({ apiUrl, token, seeds }: Sandbox): Promise<string> {
	const response = await fetch(`${apiUrl}/v1/workflow/${seeds.textToImage}/rerun`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: new FormData(),
	});
	const { id } = (await response.json()) as { id: string };
	return id;
}

/** Starts a workflow at the sandbox and waits until it has ended. */
async function finishOne(at = sandbox): Promise<string> {
	const id = await startOne(at);
	await clock.pause(JOB_MS);
	return id;
}

/** Runs the node in the n8n workflow of the trigger; it starts one, and waits until that has ended. */
async function finishOwn(): Promise<string> {
	const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
	const parameters = rerunParameters(sandbox.seeds.textToImage);
	const { outputs } = await runNode({ parameters, items: [{ json: {} }], credentials });
	await clock.pause(JOB_MS);
	return String(outputs[0][0].json.id);
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
		['a name of which it is a part', { filters: { name: picked('Text to Image') } }],
		['a tag that it has not', { filters: { tags: ['production', 'video'] } }],
		['a tag that is excluded', { filters: { excludeTags: ['draft', 'text2img'] } }],
	])('does not fire for %s', async (_, parameters) => {
		await polled();
		await finishOne();
		expect(await polled(parameters)).toBeNull();
	});

	it.each([
		['a part of its name', { filters: { name: 'TO IMAGE' } }],
		['a part of its name, entered in the panel', { filters: { name: part('TO IMAGE ') } }],
		['its name, picked from the list', { filters: { name: picked('Text to Image Generation') } }],
		['its tags', { filters: { tags: ['text2img', 'production'] } }],
		['tags that it has not, excluded', { filters: { excludeTags: ['draft', 'Production'] } }],
	])('fires for %s', async (_, parameters) => {
		await polled();
		await finishOne();
		expect(await polled(parameters)).toHaveLength(1);
	});

	it.each([
		[{ filters: { name: picked('') } }, "The filter 'Name' has no name"],
		[{ filters: { name: part('  ') } }, "The filter 'Name' has no name"],
		[{ filters: { name: '' } }, "The filter 'Name' has no name"],
		[{ filters: { tags: [] } }, "The filter 'Tags' has no tags"],
		[{ filters: { excludeTags: [''] } }, "'Exclude Tags' holds an empty tag"],
		[{ filters: { excludeTags: '={{ null }}' } }, "'Exclude Tags' holds a tag without a value"],
		[{ events: [] }, "'Events' has no event, or one that doesn't exist"],
		[{ events: ['Completed'] }, "'Events' has no event, or one that doesn't exist"],
		[{ downloadOutputs: '={{ "maybe" }}' }, "'Download Outputs' is neither on nor off"],
		[{ options: { includeOwn: '={{ "maybe" }}' } }, "'Include Own' is neither on nor off"],
	])('says at once that %j can’t take effect', async (parameters, message) => {
		await expect(polled(parameters as INodeParameters)).rejects.toThrow(message);
		expect(sandbox.requests).toEqual([]);
	});

	it('takes an event as a text too', async () => {
		await polled();
		await finishOne();
		expect(await polled({ events: 'completed' })).toHaveLength(1);
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

	it('forgets what has gone, and keeps what can’t be read just now', async () => {
		await polled();
		kept = { memory: { ...Object(kept.memory), open: [MISSING_ID] } };
		sandbox.failNext({ on: { path: /workflow\/0/ }, kind: 'http', status: 403, body: {} });
		await expect(polled()).rejects.toThrow();
		expect(kept.memory).toMatchObject({ open: [MISSING_ID] });
		await polled();
		expect(kept.memory).toMatchObject({ open: [] });
	});

	it('fires for what has failed although its details can’t be read', async () => {
		await polled({ events: ['failed'] });
		sandbox.failJobs({ status: 'failed', error_node: '3' });
		const id = await finishOne();
		sandbox.failNext({ on: { path: new RegExp(`workflow/${id}$`) }, kind: 'http', status: 403 });
		const items = await polled({ events: ['failed'] });
		expect(items).toMatchObject([{ json: { id, status: 'failed' } }]);
	});

	it('looks at five pages for a sample, and at nothing that still runs', async () => {
		const many = await startSandbox({ clock, history: 600, rateLimit: false });
		try {
			const name = { filters: { name: 'nothing like it' } };
			await expect(polled(name, 'manual', many)).rejects.toThrow('No workflow that has finished');
			expect(many.requests).toHaveLength(5);
			const running = await startOne(many);
			const sample = await polled({ events: ['failed', 'completed'] }, 'manual', many);
			expect(sample?.[0].json.id).not.toBe(running);
		} finally {
			await many.stop();
		}
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
		await expect(polled({ filters: { name: 'nothing like it' } }, 'manual')).rejects.toThrow(
			'No workflow that has finished fits the events and filters',
		);
		expect(kept).toEqual({});
	});

	it('does not begin a poll while another one runs', async () => {
		await polled();
		await finishOne();
		const both = await Promise.all([polled(), polled()]);
		expect(both.filter((items) => items !== null)).toHaveLength(1);
	});
});

describe('what the n8n workflow of the trigger has started itself', () => {
	it('does not start it again', async () => {
		await polled();
		await finishOwn();
		const othersId = await finishOne();
		expect(await polled()).toMatchObject([{ json: { id: othersId } }]);
		expect(await polled()).toBeNull();
	});

	it('does with Include Own', async () => {
		const options = { includeOwn: true };
		await polled({ options });
		const id = await finishOwn();
		expect(await polled({ options })).toMatchObject([{ json: { id } }]);
		expect(await polled({ options })).toBeNull();
	});

	it('is shown as a sample all the same', async () => {
		const id = await finishOwn();
		expect(await polled({}, 'manual')).toMatchObject([{ json: { id } }]);
	});
});

describe('what another version of the trigger remembers', () => {
	it.each([
		['an older one', { newestMs: 5, open: ['a'], done: { b: 3 } }],
		['a newer one', { since: '2030' }],
		['something else', 'x'],
	])('is not used, and the log says so: %s', async (_what, memory) => {
		kept = { memory };
		await finishOne();
		expect(await polled()).toBeNull();
		expect(warnings).toEqual([
			expect.stringContaining('what another version of the node remembered is not used'),
		]);
		const id = await finishOne();
		expect(await polled()).toMatchObject([{ json: { id } }]);
		expect(warnings).toHaveLength(1);
	});
});

describe('in a world with other clocks and odd lists', () => {
	/** A page of the list, in place of what the sandbox has there. */
	const answerWith = (workflows: object[]) => {
		const body = { workflows, total: workflows.length };
		sandbox.failNext({ on: { path: /workflow$/ }, kind: 'http', status: 200, body });
	};
	const done = (id: string, createdAt?: string) => ({
		id,
		name: 'x',
		status: 'completed',
		tags: [],
		created_at: createdAt,
	});
	const linksOnly = { downloadOutputs: false };
	const agoIso = (ms: number) => new Date(clock.nowMs() - ms).toISOString();
	const idsOf = (items: Awaited<ReturnType<typeof polled>>) => items?.map(({ json }) => json.id);

	it.each([3 * 3_600_000, -3 * 3_600_000])(
		'misses and repeats nothing when ComfyControl is %d ms ahead',
		async (clockAheadMs) => {
			const far = await startSandbox({ clock, clockAheadMs });
			try {
				await polled({}, 'trigger', far);
				for (let round = 0; round < 3; round++) {
					const ids = [await finishOne(far), await finishOne(far)];
					expect(idsOf(await polled({}, 'trigger', far))).toEqual(ids);
					expect(await polled({}, 'trigger', far)).toBeNull();
					await clock.pause(3_600_000);
				}
			} finally {
				await far.stop();
			}
		},
	);

	it.each([
		['an hour', 3_600_000],
		['fifty years', 50 * 365 * 86_400_000],
	])('is not deafened by one that is dated %s ahead', async (_what, aheadMs) => {
		answerWith([]);
		await polled();
		const odd = done('odd', agoIso(-aheadMs));
		answerWith([odd, done('one', agoIso(2_000))]);
		expect(idsOf(await polled(linksOnly))?.sort()).toEqual(['odd', 'one']);
		answerWith([odd, done('two', agoIso(1_000)), done('one', agoIso(2_000))]);
		expect(idsOf(await polled(linksOnly))).toEqual(['two']);
	});

	it('goes by ComfyControl’s clock where its own is ahead', async () => {
		const far = await startSandbox({ clock, clockAheadMs: -5 * 3_600_000 });
		const at = async () => idsOf(await polled(linksOnly, 'trigger', far));
		const page = (workflows: object[]) =>
			far.failNext({ on: { path: /workflow$/ }, kind: 'http', status: 200, body: { workflows } });
		const hoursAgo = (hours: number) => agoIso(hours * 3_600_000);
		try {
			page([]);
			await at();
			// Two hours ahead there, three hours past here.
			page([done('odd', hoursAgo(3))]);
			expect(await at()).toEqual(['odd']);
			page([done('odd', hoursAgo(3)), done('one', hoursAgo(5.01))]);
			expect(await at()).toEqual(['one']);
		} finally {
			await far.stop();
		}
	});

	it('loses none without a date, nor one with a strange id', async () => {
		answerWith([]);
		await polled();
		const strange = ['constructor', '__proto__', 'toString'].map((id) => done(id, agoIso(1_000)));
		const dateless = [done('none'), done('zero', '0001-01-01T00:00:00Z'), done('odd', 'soon')];
		for (const expected of [6, undefined]) {
			answerWith([...dateless, ...strange]);
			expect((await polled(linksOnly))?.length).toBe(expected);
		}
	});

	it('ends a poll where the list ignores its pages, and says so', async () => {
		const ignoring = await startSandbox({
			clock,
			rateLimit: false,
			parallelJobs: 200,
			switches: { pages: 'ignored' },
		});
		try {
			const poll100 = async () => await polled(linksOnly, 'trigger', ignoring);
			await poll100();
			const ids: string[] = [];
			for (let i = 0; i < 120; i++) ids.push(await startOne(ignoring));
			await clock.pause(JOB_MS);
			ignoring.requests.length = 0;
			expect(idsOf(await poll100())?.sort()).toEqual(ids.slice(20).sort());
			const lists = ignoring.requests.filter(({ path }) => path === '/v1/workflow');
			expect(lists).toHaveLength(2);
			expect(warnings).toEqual([expect.stringContaining('The next poll tries again.')]);

			for (let round = 0; round < 10; round++) expect(await poll100()).toBeNull();
			expect(warnings).toHaveLength(2);
			expect(warnings[1]).toContain('What is below is left out.');
		} finally {
			await ignoring.stop();
		}
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

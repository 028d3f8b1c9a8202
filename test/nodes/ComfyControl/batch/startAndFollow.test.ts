import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import {
	ManualExecutionCancelledError,
	type IExecuteFunctions,
	type INodeParameters,
} from 'n8n-workflow';

import { rerunWorkflow } from '../../../../nodes/ComfyControl/api/workflows';
import type { WaitSettings } from '../../../../nodes/ComfyControl/batch/settings';
import { startAndFollow } from '../../../../nodes/ComfyControl/batch/startAndFollow';
import { asNode, withItems } from '../../../support/asNode';
import { clock } from '../../../support/clock';
import { rerunParameters } from '../../../support/rerun';
import { rows, SEEDS, stage } from '../../../support/stage';

const JOB_MS = 10_000;
const DISTANCE = { connectMs: 100, answerMs: 250, downloadMs: 250 };

const WAIT = {
	downloadOutputs: true,
	outputMode: 'file',
	binaryField: 'data',
	fileName: '',
	timeoutSeconds: 600,
	cancelOnStop: false,
	workflowsAtOnce: Infinity,
} as const;

const at = stage({
	durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: JOB_MS },
	network: DISTANCE,
});

function reruns(options: INodeParameters = {}, more: INodeParameters = {}): INodeParameters {
	const prompt = { text: [{ name: 'prompt', value: '={{ $json.row }}' }] };
	return {
		...rerunParameters(SEEDS.textToImage, prompt),
		waitForCompletion: true,
		options,
		...more,
	};
}

const items = (count: number) => rows(...Array.from({ length: count }, (_, row) => ({ row })));

function starts() {
	return at.sandbox.requests.filter(({ path }) => path.endsWith('/rerun'));
}

/** The most workflows that were started and unfinished at any time. */
function mostAtOnce(): number {
	const startsMs = starts().map(({ atMs }) => atMs);
	return Math.max(
		...startsMs.map((fromMs) => {
			const isWithin = (ms: number) => ms >= fromMs && ms < fromMs + JOB_MS;
			return startsMs.filter(isWithin).length;
		}),
	);
}

describe('starts', () => {
	it('go all at once as far as the limit allows, in the order of the items', async () => {
		await at.run(reruns({}, { waitForCompletion: false }), { items: items(39) });
		const sent = starts();
		expect(sent).toHaveLength(39);
		const [first] = sent;
		expect(Math.max(...sent.map(({ atMs }) => atMs - first.atMs))).toBeLessThan(DISTANCE.answerMs);
	});

	it('of large files wait for each other, by how much is under way', async () => {
		const sizes = [6_000_000, 6_000_000, 6_000_000, 40_000_000, 1_000];
		let underWay = 0;
		const before: number[] = [];
		await asNode(
			{ apiToken: at.sandbox.token, baseUrl: at.sandbox.apiUrl },
			async (context) =>
				await startAndFollow(withItems(context, sizes.length), 'stop', {
					prepare: async (itemIndex) => ({ itemIndex }),
					sizeBytes: ({ itemIndex }) => sizes[itemIndex],
					submit: async ({ itemIndex }) => {
						before[itemIndex] = underWay;
						underWay += sizes[itemIndex];
						await clock.pause(1_000 + itemIndex);
						underWay -= sizes[itemIndex];
						return { id: String(itemIndex) };
					},
					runsPerItem: () => 1,
					waitSettings: () => undefined,
				}),
		);
		expect(before).toEqual([0, 6_000_000, 6_000_000, 0, 0]);
	});
});

describe('waiting', () => {
	it('collects what has finished while the rest still starts', async () => {
		const { outputs } = await at.run(reruns({ checkParameters: false }), { items: items(170) });
		expect(outputs[0].map(({ json }) => json.status)).toEqual(Array(170).fill('completed'));
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			Array.from({ length: 170 }, (_, item) => ({ item })),
		);
		const paths = at.sandbox.requests.map(({ path }) => path.replace(/.*\//, ''));
		expect(paths.indexOf('outputs')).toBeLessThan(paths.lastIndexOf('rerun'));
	});

	it.each([1, 3])('has never more than %i unfinished if so many are wanted', async (wanted) => {
		const { outputs } = await at.run(reruns({ workflowsAtOnce: wanted }), { items: items(7) });
		expect(outputs[0]).toHaveLength(7);
		expect(mostAtOnce()).toBe(wanted);
		// The next one starts as soon as one is seen to have ended.
		const lastMs = Math.max(...starts().map(({ atMs }) => atMs)) - starts()[0].atMs;
		const rounds = Math.ceil(7 / wanted) - 1;
		expect(lastMs).toBeLessThan(rounds * (JOB_MS + 2_500));
	});

	it.each([-1, 1.5, 'two'])(
		'refuses %j workflows at once before anything is sent',
		async (wrong) => {
			const { error } = await at.run(
				reruns({ workflowsAtOnce: `={{ ${JSON.stringify(wrong)} }}` }),
			);
			expect(error.message).toBe("'Workflows at Once' is not a whole number");
			expect(at.sandbox.requests).toEqual([]);
		},
	);
});

describe('the first failure with stop on error', () => {
	it('of a job starts nothing more, and names what was started', async () => {
		at.sandbox.failJobs({ status: 'failed' });
		const { error } = await at.run(reruns({ workflowsAtOnce: 2 }), { items: items(20) });
		expect(starts()).toHaveLength(2);
		const [{ workflowId }, other] = starts();
		expect(error.description).toContain(String(workflowId));
		expect(error.description).toContain(`Already started: ${other.workflowId} (item 1)`);
	});

	it('of a start sends nothing more that still waits for the limit', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'http', status: 400, body: {}, after: 5 });
		const { error } = await at.run(reruns({}, { waitForCompletion: false }), { items: items(100) });
		expect(error.context.itemIndex).toBe(5);
		expect(starts().length).toBeLessThanOrEqual(40);
		for (const { workflowId } of starts().filter(({ status }) => status === 200)) {
			expect(error.description).toContain(String(workflowId));
		}
	});

	it('drops those that wait for their turn already', async () => {
		const plain = reruns({ checkParameters: false }, { waitForCompletion: false });
		await at.run(plain, { items: items(30) });
		at.sandbox.reset();
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'http', status: 400, body: {} });
		await at.run(plain, { items: items(40) });
		// As many as the limit had left.
		expect(starts().length).toBeLessThanOrEqual(10);
	});

	it('leaves the others to continue on error', async () => {
		at.sandbox.failJobs({ status: 'failed' });
		const { outputs } = await at.run(reruns({ workflowsAtOnce: 2 }), {
			items: items(5),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].map(({ json }) => 'error' in json)).toEqual([true, ...Array(4).fill(false)]);
	});
});

describe('the error that ends a large execution', () => {
	it('names so many workflows as somebody reads, and n8n’s log has them all', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'http', status: 400, body: {}, after: 60 });
		const warn = jest.spyOn(Container.get(Logger), 'warn');
		const { error } = await at.run(
			reruns({ checkParameters: false }, { waitForCompletion: false }),
			{ items: items(61) },
		);
		const logged = warn.mock.calls.map(([text]) => text);
		warn.mockRestore();
		const ids = starts().flatMap(({ workflowId }) => workflowId ?? []);
		expect(ids).toHaveLength(60);
		expect(error.description).toContain("and 10 more. The execution's");
		expect(ids.filter((id) => logged.join().includes(id))).toEqual(ids);
	});
});

describe('a stopped execution leaves in n8n’s log', () => {
	/** What is in the log once the execution is stopped as soon as that many starts have arrived. */
	async function logOf(
		count: number,
		{ wait = WAIT, afterMs = 1_000 }: { wait?: WaitSettings; afterMs?: number } = {},
	): Promise<string[]> {
		const log: string[] = [];
		const stop = new AbortController();
		const running = asNode(
			{ apiToken: at.sandbox.token, baseUrl: at.sandbox.apiUrl },
			async (context) => {
				const stoppable: IExecuteFunctions = Object.create(withItems(context, count), {
					logger: { value: { info: () => {}, warn: (text: string) => void log.push(text) } },
					getExecutionCancelSignal: { value: () => stop.signal },
				});
				const ended = startAndFollow(stoppable, 'stop', {
					prepare: async () => ({ id: SEEDS.textToImage, parts: [] }),
					sizeBytes: () => 0,
					submit: async (plan, more) => await rerunWorkflow(stoppable, plan, more),
					runsPerItem: () => 1,
					waitSettings: () => wait,
				});
				await expect(ended).rejects.toThrow(ManualExecutionCancelledError);
			},
		);
		await clock.until(() => starts().length === count);
		await clock.pause(afterMs);
		stop.abort();
		await running;
		return log;
	}

	it('the workflows that go on', async () => {
		const log = await logOf(2);
		const [one, other] = starts().map(({ workflowId }) => workflowId);
		expect(log).toEqual([
			expect.stringContaining(`can be fetched by ID: ${one} (item 0), ${other} (item 1)`),
		]);
	});

	it('what had completed already where the rest is cancelled', async () => {
		const wait = { ...WAIT, cancelOnStop: true };
		// Two run at a time, and the third after them.
		const log = await logOf(5, { wait, afterMs: JOB_MS + 5_000 });
		const states = starts().map(({ workflowId }) => [
			workflowId,
			at.sandbox.workflows.find(({ id }) => id === workflowId)?.status,
		]);
		const completed = states.filter(([, status]) => status === 'completed').map(([id]) => id);
		expect(completed).toHaveLength(4);
		expect(log).toHaveLength(1);
		for (const id of completed) expect(log[0]).toContain(`${id} (item`);
		expect(states.filter(([, status]) => status === 'cancelled')).toHaveLength(1);
	});

	it('when a start was sent that was under way', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'hang' });
		expect(await logOf(1)).toEqual([
			expect.stringMatching(
				/start of item 0, sent at \S+Z, was under way .* may have been started/,
			),
		]);
	});
});

it('a stop cancels with Cancel on Stop also what was given up on, as it runs on', async () => {
	const timeout = '={{ $itemIndex === 0 ? 3 : 600 }}';
	const stopLater = async (stop: () => void) => {
		await clock.until(() => starts().length === 2);
		await clock.pause(JOB_MS / 2);
		stop();
	};
	await at.run(reruns({ cancelOnStop: true, timeout }), {
		items: items(2),
		settings: { onError: 'continueRegularOutput' },
		onStart: (stop) => void stopLater(stop),
	});
	const started = at.sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null);
	expect(started.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});

describe('rows keep their fields', () => {
	const own = { product: 'Red shoe', id: 'mine', row: 1 };
	const named = { includeInputFields: true, outputFileName: '={{ $json.product }}' };

	it('beside the result, whose own fields win, with files called after them', async () => {
		const { outputs } = await at.run(reruns(named), { items: rows(own) });
		const [{ json, binary }] = outputs[0];
		expect(json).toMatchObject({ product: 'Red shoe', row: 1, status: 'completed' });
		expect(json.id).not.toBe('mine');
		expect(binary?.data.fileName).toBe('Red shoe.png');
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'beside an error too, with %s',
		async (onError) => {
			at.sandbox.failJobs({ status: 'failed' });
			const { outputs } = await at.run(reruns(named), { items: rows(own), settings: { onError } });
			const [{ json }] = outputs.flat();
			expect(json).toMatchObject({ ...own, error: { workflowId: expect.any(String) } });
		},
	);

	it.each(['={{ "maybe" }}', '={{ $json. }}'])(
		'not where %s says neither yes nor no, and a hint says so',
		async (includeInputFields) => {
			const options = { ...named, includeInputFields };
			const { outputs, hints } = await at.run(reruns(options), { items: rows(own) });
			expect(outputs[0][0].json).not.toHaveProperty('product');
			expect(hints.map(({ message }) => message)).toEqual([
				"'Include Input Fields' is neither on nor off, and counted as off. Let its expression give true or false.",
			]);
		},
	);

	it('only where that is wanted', async () => {
		const { outputs } = await at.run(reruns(), { items: rows(own) });
		expect(outputs[0][0].json).not.toHaveProperty('product');
	});
});

it('looks seldom once one of the batch has shown how long it takes, as the original may have taken longer', async () => {
	await at.run(reruns({ workflowsAtOnce: 1 }), { items: items(2) });
	const [, second] = starts();
	const looks = (isOfSecond: boolean) =>
		at.sandbox.requests.filter(
			({ method, path, atMs }) =>
				method === 'GET' && !path.endsWith('/outputs') && atMs > second.atMs === isOfSecond,
		).length;
	expect(looks(false)).toBeGreaterThan(7);
	expect(looks(true)).toBeLessThanOrEqual(4);
});

import type { INodeParameters } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../../../sandbox';
import { BinaryStore, runNode, type EngineRun } from '../../../../support/engine';
import { clock } from '../../../../support/clock';
import { rerunParameters } from '../../../../support/rerun';

const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

let sandbox: Sandbox;
const store = new BinaryStore();

beforeAll(async () => {
	await store.open();
	sandbox = await startSandbox({
		clock,
		durationsMs: { accepted: 500, uploaded: 500, queued: 500, running: 10_000 },
	});
});
afterEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	await store.close();
});

async function run(parameters: INodeParameters, options: Partial<EngineRun> = {}) {
	return await runNode({
		parameters,
		items: [{ json: {} }],
		credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		...options,
	});
}

function waiting(more: INodeParameters = {}): INodeParameters {
	const prompt = { text: [{ name: 'prompt', value: '={{ $itemIndex }}' }] };
	return {
		...rerunParameters(sandbox.seeds.textToImage, prompt),
		waitForCompletion: true,
		...more,
	};
}

function byId(operation: string, more: INodeParameters = {}): INodeParameters {
	const workflowId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
	return { resource: 'workflow', operation, workflowId, ...more };
}

function started() {
	return sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null);
}

const items = (count: number) => Array.from({ length: count }, () => ({ json: {} }));

describe('waiting for reruns', () => {
	it('hands over the files in the order of the items, without the token', async () => {
		const { outputs } = await run(waiting(), { items: items(6) });
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4, 5].map((item) => ({ item })),
		);
		const prompts = outputs[0].map(({ json }) => {
			const { params } = started().find(({ id }) => id === json.id) ?? { params: [] };
			return params.find(({ name }) => name === 'prompt')?.value;
		});
		expect(prompts).toEqual(['0', '1', '2', '3', '4', '5']);
		expect(outputs[0][0]).toMatchObject({
			json: {
				status: 'completed',
				outputs: [{ mimeType: 'image/png', fileSize: expect.any(Number) }],
			},
			binary: { data: { mimeType: 'image/png' } },
		});
		expect(sandbox.downloads.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
	});

	it('makes one item for each file, or one for each workflow', async () => {
		sandbox.failJobs({ status: 'completed', outputs: 3, times: 2 });
		const files = await run(waiting({ options: { outputBinaryPropertyName: 'image' } }));
		expect(files.outputs[0].map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['image'],
			['image'],
			['image'],
		]);
		const whole = await run(waiting({ options: { outputMode: 'workflow' } }));
		expect(whole.outputs[0].map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['data', 'data_1', 'data_2'],
		]);
	});

	it('gives the links alone when nothing is to be downloaded', async () => {
		const { outputs } = await run(waiting({ downloadOutputs: false }));
		expect(outputs[0][0].json.outputs).toMatchObject([{ src: expect.stringMatching(/^http/) }]);
		expect(outputs[0][0]).not.toHaveProperty('binary');
		expect(sandbox.downloads).toEqual([]);
	});

	it.each(['emptyArray', 'notFound'] as const)(
		'takes no outputs as none: %s',
		async (noOutputs) => {
			const other = await startSandbox({ clock, switches: { noOutputs } });
			other.failJobs({ status: 'completed', outputs: 0 });
			const { outputs } = await run(waiting(), {
				parameters: {
					...waiting(),
					workflowId: { __rl: true, mode: 'id', value: other.seeds.textToImage },
				},
				credentials: { apiToken: other.token, baseUrl: other.apiUrl },
			});
			expect(outputs[0]).toMatchObject([{ json: { status: 'completed', outputs: [] } }]);
			await other.stop();
		},
	);

	it.each(['failed', 'invalid'] as const)(
		'explains a workflow that ended as %s',
		async (status) => {
			sandbox.failJobs({
				status,
				error_node: '3',
				exception_type: 'OutOfMemoryError',
				exception_message: 'Allocation on device',
			});
			const { outputs } = await run(waiting(), { items: items(2), settings: ERROR_OUTPUT });
			expect(outputs[0]).toHaveLength(1);
			const failed = started().find((workflow) => workflow.status === status);
			expect(outputs[1]).toMatchObject([
				{
					json: {
						error: {
							message: expect.stringContaining('at node 3: Allocation on device'),
							workflowId: failed?.id,
							description: expect.stringContaining('OutOfMemory'),
						},
					},
				},
			]);
		},
	);

	it('says that a workflow was cancelled', async () => {
		sandbox.failJobs({ status: 'cancelled' });
		const { error } = await run(waiting());
		expect(error.message).toBe(`Workflow ${started()[0].id} was cancelled on ComfyControl`);
	});

	it('says the state, the queue position and the way back when time is up', async () => {
		const { error } = await run(waiting({ options: { timeout: 5 } }), { items: items(1) });
		const [{ id }] = started();
		expect(error.message).toBe(`Workflow ${id} was not finished after 5 seconds`);
		expect(error.description).toMatch(/'running' at queue position \d+, and it goes on/);
		expect(error.description).toContain("'Wait for Completion' with this ID");
	});

	it('gives up in time although every look is refused', async () => {
		sandbox.failNext({
			on: { method: 'GET', path: /workflow$|workflow.(?!a1b2)/ },
			kind: 'html',
			status: 429,
			times: 1_000,
		});
		const begunMs = clock.nowMs();
		const { error } = await run(waiting({ options: { timeout: 20 } }));
		expect(error.message).toContain('was not finished after 20 seconds');
		expect(clock.nowMs() - begunMs).toBeLessThan(90_000);
	});

	it.each(['"soon"', 'true', 'null', '0'])(
		'refuses the timeout %s before anything is sent',
		async (timeout) => {
			const { error } = await run(waiting({ options: { timeout: `={{ ${timeout} }}` } }));
			expect(error.message).toBe("'Timeout (Seconds)' is not a number above 0");
			expect(sandbox.requests).toEqual([]);
		},
	);

	it.each(['waitForCompletion', 'downloadOutputs', 'cancelOnStop', 'checkParameters'])(
		'does not guess what %s is, before anything is sent',
		async (name) => {
			const isField = ['waitForCompletion', 'downloadOutputs'].includes(name);
			const given = { [name]: '={{ "WAHR" }}' };
			const text = [{ name: 'prompt', value: 'x' }];
			const { error } = await run(
				waiting({ parameters: { text }, ...(isField ? given : { options: given }) }),
			);
			expect(error.message).toContain('is neither on nor off');
			expect(sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
		},
	);

	it.each(['""', 'null', 'true', '-1'])('takes %s for no number of workflows', async (atOnce) => {
		const { error } = await run(waiting({ options: { workflowsAtOnce: `={{ ${atOnce} }}` } }));
		expect(error.message).toBe("'Workflows at Once' is not a whole number");
		expect(sandbox.requests).toEqual([]);
	});

	it('puts files where they belong when the name of the field comes to nothing', async () => {
		const { outputs } = await run(
			waiting({ options: { outputBinaryPropertyName: '={{ null }}' } }),
		);
		expect(Object.keys(outputs[0][0].binary ?? {})).toEqual(['data']);
	});

	it('asks for a fresh link when one has expired, and again when a download breaks', async () => {
		sandbox.failNext({ on: { host: 'storage' }, kind: 'http', status: 403 });
		sandbox.failNext({ on: { host: 'storage' }, kind: 'truncatedBody' });
		const { outputs } = await run(waiting());
		expect(outputs[0]).toHaveLength(1);
		expect(sandbox.downloads).toHaveLength(3);
		expect(sandbox.requests.filter(({ path }) => path.endsWith('/outputs'))).toHaveLength(3);
	});

	it('names the workflow when its file can’t be downloaded', async () => {
		sandbox.failNext({ on: { host: 'storage' }, kind: 'http', status: 403, times: 10 });
		const { error } = await run(waiting());
		expect(error.message).toContain(
			`of workflow ${started()[0].id} could not be downloaded (HTTP 403)`,
		);
		expect(error.description).toContain("'Get Outputs'");
		expect(sandbox.downloads).toHaveLength(4);
	});
});

describe('many reruns at once', () => {
	it('stay inside the API’s limit: no request of 130 is refused', async () => {
		const { outputs } = await run(
			{ ...waiting(), waitForCompletion: false },
			{ items: items(130) },
		);
		expect(outputs[0]).toHaveLength(130);
		expect(sandbox.requests.filter(({ status }) => status === 429)).toEqual([]);
	});

	it('survive a refusal and go on after the cooldown', async () => {
		sandbox.failNext({ on: {}, kind: 'html', status: 429 });
		const { outputs } = await run({ ...waiting(), waitForCompletion: false }, { items: items(6) });
		expect(outputs[0]).toHaveLength(6);
		expect(started()).toHaveLength(6);
		const refusedAtMs = sandbox.requests.find(({ status }) => status === 429)?.atMs ?? 0;
		const [next] = sandbox.requests.filter(({ atMs }) => atMs > refusedAtMs + 2_000);
		expect(next.atMs - refusedAtMs).toBeGreaterThanOrEqual(9_000);
	});
});

describe('Retry On Fail', () => {
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	it('starts nothing twice and goes on with the rest', async () => {
		sandbox.failNext({ on: { path: /rerun$/ }, kind: 'http', status: 400, body: {}, after: 3 });
		const { outputs } = await run(waiting(), { items: items(8), settings: retry });
		expect(outputs[0]).toHaveLength(8);
		expect(started()).toHaveLength(8);
	});

	it('goes on with what was started though its parameters are now refused', async () => {
		const lenient = await startSandbox({ clock, switches: { unknownParameters: 'ignored' } });
		try {
			const text = [{ name: 'promt', value: '={{ $itemIndex }}' }];
			// In the first try the workflow can't be read to check them, and the third item is refused.
			lenient.failNext({ on: { path: /\/a1b2c3d4[^/]*$/ }, kind: 'http', status: 500 });
			lenient.failNext({ on: { path: /rerun$/ }, kind: 'http', status: 400, body: {}, after: 2 });
			const { error } = await run(
				{ ...rerunParameters(lenient.seeds.textToImage, { text }), waitForCompletion: true },
				{
					items: items(3),
					settings: retry,
					credentials: { apiToken: lenient.token, baseUrl: lenient.apiUrl },
				},
			);
			const reruns = lenient.workflows.filter(({ rerunOf }) => rerunOf !== null);
			expect(reruns).toHaveLength(2);
			for (const { id } of reruns) expect(error.description).toContain(id);
			expect(error.description).toContain('Nothing more was sent for any item.');
		} finally {
			await lenient.stop();
		}
	});

	it('does not send again what may have started, and says when it was sent', async () => {
		sandbox.failNext({ on: { path: /rerun$/ }, kind: 'resetAfter' });
		const { error } = await run(waiting(), { settings: retry });
		expect(started()).toHaveLength(1);
		expect(error.message).toContain('broke off before its answer arrived (ECONNRESET)');
		expect(error.description).toMatch(/started at \d{4}-\d\d-\d\dT[\d:.]+Z \(UTC\)/);
	});
});

describe('what is not a second try', () => {
	it('a loop’s next round starts its workflows anew', async () => {
		const { rounds } = await run(waiting(), { items: items(2), rounds: 2 });
		expect(rounds).toHaveLength(2);
		expect(started()).toHaveLength(4);
	});

	it('an agent may run again what has failed', async () => {
		sandbox.failJobs({ status: 'failed' });
		const { rounds } = await run(waiting(), {
			rounds: 2,
			asTool: true,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(started().map(({ status }) => status)).toEqual(['failed', 'completed']);
		expect(rounds[1][0]).toMatchObject([{ json: { status: 'completed' } }]);
	});

	it('an agent that asks for the same again gets a new workflow', async () => {
		await run(waiting(), { rounds: 2, asTool: true });
		expect(started()).toHaveLength(2);
	});
});

describe('stopping the execution', () => {
	it('ends waiting at once and cancels on ComfyControl what it started', async () => {
		// So long that no workflow can be finished before it is cancelled.
		const slow = await startSandbox({
			clock,
			durationsMs: { running: 36_000_000 },
			network: { answerMs: 250 },
		});
		const reruns = () => slow.workflows.filter(({ rerunOf }) => rerunOf !== null);
		try {
			const { run: stopped } = await run(waiting({ options: { cancelOnStop: true } }), {
				items: items(3),
				credentials: { apiToken: slow.token, baseUrl: slow.apiUrl },
				// The answers are under way: what they started must be cancelled too.
				onStart: (stop) => void clock.until(() => reruns().length === 3).then(stop),
			});
			expect(stopped.status).toBe('canceled');
			expect(reruns().map(({ status }) => status)).toEqual(Array(3).fill('cancelled'));
		} finally {
			await slow.stop();
		}
	});

	it('tries again when ComfyControl can’t cancel at the moment', async () => {
		const slow = await startSandbox({ clock, durationsMs: { running: 36_000_000 } });
		try {
			const reruns = () => slow.workflows.filter(({ rerunOf }) => rerunOf !== null);
			slow.failNext({ on: { path: /cancel$/ }, kind: 'http', status: 500, body: {}, times: 2 });
			await run(waiting({ options: { cancelOnStop: true } }), {
				credentials: { apiToken: slow.token, baseUrl: slow.apiUrl },
				onStart: (stop) => void clock.until(() => reruns().length === 1).then(stop),
			});
			expect(reruns()).toMatchObject([{ status: 'cancelled' }]);
		} finally {
			await slow.stop();
		}
	});

	it('leaves them alone unless asked', async () => {
		let stoppedAtMs = 0;
		const { run: stopped } = await run(waiting(), {
			onStart: (stop) =>
				void clock
					.until(() => sandbox.requests.length > 1)
					.then(() => {
						stoppedAtMs = clock.nowMs();
						stop();
					}),
		});
		expect(stopped.status).toBe('canceled');
		expect(clock.nowMs()).toBe(stoppedAtMs);
		expect(sandbox.requests.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
	});
});

describe('picking up by ID', () => {
	it('waits for workflows that were started before, each item its own, repeated ids too', async () => {
		const { outputs } = await run({ ...waiting(), waitForCompletion: false }, { items: items(2) });
		const [a, b] = outputs[0].map(({ json }) => String(json.id));
		const waited = await run(byId('wait'), { items: [a, b, a].map((id) => ({ json: { id } })) });
		expect(waited.outputs[0].map(({ json }) => json.id)).toEqual([a, b, a]);
		expect(waited.outputs[0].every(({ binary }) => binary?.data)).toBe(true);
	});

	it('finds old ones soon, as they may have finished long ago', async () => {
		const old = await startSandbox({ clock, history: 500 });
		try {
			const ids = old.workflows
				.filter(({ status }) => status === 'completed')
				.slice(0, 30)
				.map(({ id }) => id);
			const begunMs = clock.nowMs();
			const waited = await run(byId('wait', { downloadOutputs: false }), {
				items: ids.map((id) => ({ json: { id } })),
				credentials: { apiToken: old.token, baseUrl: old.apiUrl },
			});
			expect(waited.outputs[0]).toHaveLength(30);
			// Twice 30 reads and some pages: that takes two windows of the limit.
			expect(clock.nowMs() - begunMs).toBeLessThan(60_000);
		} finally {
			await old.stop();
		}
	});

	it('keeps the order of the items, of those that fail before anything is sent too', async () => {
		const ids = [sandbox.seeds.textToImage, 'nonsense', sandbox.seeds.textOnly, ''];
		const { outputs } = await run(byId('wait', { downloadOutputs: false }), {
			items: ids.map((id) => ({ json: { id } })),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			ids.map((_, item) => ({ item })),
		);
		expect(outputs[0].map(({ json }) => 'error' in json)).toEqual([false, true, false, true]);
	});

	it('says that there is no such workflow', async () => {
		const id = '00000000-0000-4000-8000-000000000000';
		const { error } = await run(byId('wait'), { items: [{ json: { id } }] });
		expect(error.message).toBe(`ComfyControl has no workflow ${id}`);
	});

	it('fetches the outputs of a completed workflow', async () => {
		const { outputs } = await run(byId('getOutputs'), {
			items: [{ json: { id: sandbox.seeds.textToImage } }],
		});
		expect(outputs[0]).toMatchObject([
			{ json: { id: sandbox.seeds.textToImage }, binary: { data: { mimeType: 'image/png' } } },
		]);
	});

	it('says what to do about outputs that are not there yet', async () => {
		await run({ ...waiting(), waitForCompletion: false });
		const [{ id }] = started();
		const { error } = await run(byId('getOutputs'), { items: [{ json: { id } }] });
		expect(error.message).toContain(`Workflow ${id} has no outputs`);
		expect(error.description).toContain("'Wait for Completion'");
	});
});

import { NodeOperationError } from 'n8n-workflow';

import type { Failure, FailurePolicy } from '../../../../nodes/ComfyControl/batch/outcome';
import { trackRuns, type AwaitedRun } from '../../../../nodes/ComfyControl/batch/followJobs';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { clock } from '../../../support/clock';
import { NODE } from '../../../support/node';
import { asNode } from '../../../support/asNode';

// A job is finished after 11.5 seconds, an invalid one after one second.
const DURATIONS_MS = { accepted: 500, uploaded: 500, queued: 500, running: 10_000 };

let sandbox: Sandbox;
let sandboxMs = clock.nowMs;

beforeAll(async () => {
	sandbox = await startSandbox({
		clock: { nowMs: () => sandboxMs(), hold: clock.hold },
		rateLimit: false,
		durationsMs: DURATIONS_MS,
	});
});
afterEach(() => {
	sandboxMs = clock.nowMs;
	sandbox.reset();
});
afterAll(async () => await sandbox.stop());

async function start(itemIndex: number, timeoutSeconds = 600): Promise<AwaitedRun> {
	const path = `/v1/workflow/${sandbox.seeds.textToImage}/rerun`;
	const headers = { authorization: `Bearer ${sandbox.token}` };
	const response = await fetch(sandbox.apiUrl + path, {
		method: 'POST',
		headers,
		body: new FormData(),
	});
	const workflow = (await response.json()) as { id: string };
	return { itemIndex, workflow, acceptedAtMs: clock.nowMs(), timeoutSeconds };
}

/** A run that has completed long ago. */
function completed(itemIndex: number): AwaitedRun {
	const workflow = { id: sandbox.seeds.textToImage };
	return { itemIndex, workflow, acceptedAtMs: clock.nowMs(), timeoutSeconds: 600 };
}

/** Lets time on ComfyControl stand still that long after now. */
function standStill(afterMs: number): void {
	const stillMs = clock.nowMs() + afterMs;
	sandboxMs = () => stillMs;
}

interface Done {
	itemIndex: number;
	id: string;
	status: unknown;
}

async function track(
	runs: AwaitedRun[],
	policy: FailurePolicy = 'goOn',
	onCompleted: (done: Done) => Promise<Done | Failure> = async (done) => done,
) {
	return await asNode(
		{ apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		async (context) =>
			await trackRuns(context, runs, policy, {
				onSettled: () => {},
				onCompleted: async ({ itemIndex }, { id, status }) =>
					await onCompleted({ itemIndex, id, status }),
			}),
	);
}

function failure(itemIndex: number): Failure {
	return { itemIndex, error: new NodeOperationError(NODE, 'No disk left') };
}

function statusOf({ workflow }: AwaitedRun): string | undefined {
	return sandbox.workflows.find(({ id }) => id === workflow.id)?.status;
}

function reads(): string[] {
	return sandbox.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);
}

describe('trackRuns', () => {
	it('goes on when n8n can’t read the credential for a moment', async () => {
		const run = await start(0);
		let faults = 2;
		const completedRuns = await asNode(
			{ apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
			async (context) => {
				const getCredentials = async (...args: Parameters<typeof context.getCredentials>) => {
					if (faults-- > 0) throw new Error('Connection terminated unexpectedly');
					return await context.getCredentials(...args);
				};
				const shaky: typeof context = Object.create(context, {
					getCredentials: { value: getCredentials },
				});
				return await trackRuns(shaky, [run], 'stop', {
					onSettled: () => {},
					onCompleted: async ({ itemIndex }) => ({ itemIndex }),
				});
			},
		);
		expect(completedRuns).toEqual([{ itemIndex: 0 }]);
		expect(faults).toBeLessThan(0);
	});

	it('has nothing to wait for without runs', async () => {
		expect(await track([])).toEqual([]);
		expect(sandbox.requests).toEqual([]);
	});

	it('waits on while a workflow is in a state that it doesn’t know', async () => {
		const run = await start(0);
		const { id } = run.workflow;
		const body = { id, status: 'post-processing' };
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 200, body, times: 3 });
		expect(await track([run])).toEqual([{ itemIndex: 0, id, status: 'completed' }]);
		expect(reads().length).toBeGreaterThan(3);
	});

	it('says a state that it doesn’t know when time is up', async () => {
		const run = await start(0, 5);
		const body = { id: run.workflow.id, status: 'archived' };
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 200, body, times: 99 });
		expect(await track([run])).toMatchObject([
			{
				workflowId: run.workflow.id,
				error: { description: expect.stringContaining("last known state is 'archived'") },
			},
		]);
	});

	it('reads a workflow once for all items that wait for it', async () => {
		const runs = [0, 1, 2].map(completed);
		const { id } = runs[0].workflow;
		expect(await track(runs)).toEqual(
			[0, 1, 2].map((itemIndex) => ({ itemIndex, id, status: 'completed' })),
		);
		expect(reads()).toEqual([`/v1/workflow/${id}`]);
	});

	it('lets each item wait as long as it wants to, for one workflow too', async () => {
		const run = await start(0, 8);
		standStill(2_000);
		const ends = await track([run, { ...run, itemIndex: 1, timeoutSeconds: 3 }]);
		expect(ends).toMatchObject([
			{ itemIndex: 0, error: { message: expect.stringContaining('not finished after 8 seconds') } },
			{ itemIndex: 1, error: { message: expect.stringContaining('not finished after 3 seconds') } },
		]);
	});

	it('goes on when the API can’t be read for a while', async () => {
		const run = await start(0);
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 503, times: 8 });
		expect(await track([run])).toMatchObject([{ status: 'completed' }]);
	});

	it('says of runs that can’t be read any more that they may go on', async () => {
		const runs = [await start(0), await start(1)];
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 401 });
		expect(await track(runs)).toMatchObject(
			runs.map(({ itemIndex, workflow: { id } }) => ({
				itemIndex,
				workflowId: id,
				error: {
					message: expect.stringContaining('refused the API token'),
					description: expect.stringContaining(`Workflow ${id} may go on all the same`),
				},
			})),
		);
	});

	it('ends with the first failure if that is the policy', async () => {
		const slow = await start(0);
		sandbox.failJobs({ status: 'invalid' });
		const bad = await start(1);
		standStill(2_000);
		const onCompleted = jest.fn(async (done: Done) => done);
		const ends = await track([slow, bad], 'stop', onCompleted);
		expect(ends).toMatchObject([{ itemIndex: 1, error: { name: 'NodeOperationError' } }]);
		expect(onCompleted).not.toHaveBeenCalled();
	});

	it('ends with the first result that can’t be had if that is the policy', async () => {
		const slow = await start(1);
		standStill(2_000);
		const ends = await track([completed(0), slow], 'stop', async () => failure(0));
		expect(ends).toMatchObject([{ itemIndex: 0, error: { message: 'No disk left' } }]);
	});

	it('waits for the others after a failure otherwise, and keeps the order', async () => {
		const slow = await start(0);
		sandbox.failJobs({ status: 'invalid' });
		const ends = await track([slow, await start(1), completed(2)]);
		expect(ends).toMatchObject([
			{ itemIndex: 0, status: 'completed' },
			{ itemIndex: 1, error: { name: 'NodeOperationError' } },
			{ itemIndex: 2, status: 'completed' },
		]);
	});

	// A rejection that nobody handles meanwhile would end n8n's process, and fails a test in Jest.
	it('throws what a result throws, when no other run is waited for any more', async () => {
		const slow = await start(1);
		const tracking = track([completed(0), slow], 'goOn', async (done) => {
			if (done.itemIndex === 0) throw new Error('stopped');
			return done;
		});
		await expect(tracking).rejects.toThrow('stopped');
		expect(statusOf(slow)).toBe('completed');
	});
});

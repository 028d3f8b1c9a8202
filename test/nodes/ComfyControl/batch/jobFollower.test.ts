import type { IExecuteFunctions } from 'n8n-workflow';

import {
	isFailure,
	type FailurePolicy,
	type FollowedJob,
} from '../../../../nodes/ComfyControl/batch/outcome';
import { followJobs } from '../../../../nodes/ComfyControl/batch/jobFollower';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { clock } from '../../../support/clock';
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

function settings(timeoutSeconds: number): FollowedJob['settings'] {
	const outputs = {
		downloadOutputs: true,
		outputMode: 'file' as const,
		binaryField: 'data',
		fileName: '',
	};
	return { ...outputs, timeoutSeconds, cancelOnStop: false, workflowsAtOnce: Infinity };
}

async function start(itemIndex: number, timeoutSeconds = 600): Promise<FollowedJob> {
	const path = `/v1/workflow/${sandbox.seeds.textToImage}/rerun`;
	const headers = { authorization: `Bearer ${sandbox.token}` };
	const response = await fetch(sandbox.apiUrl + path, {
		method: 'POST',
		headers,
		body: new FormData(),
	});
	const workflow = (await response.json()) as { id: string };
	return { itemIndex, workflow, acceptedAtMs: clock.nowMs(), settings: settings(timeoutSeconds) };
}

/** A run that has completed long ago. */
function completed(itemIndex: number): FollowedJob {
	const workflow = { id: sandbox.seeds.textToImage };
	return { itemIndex, workflow, acceptedAtMs: clock.nowMs(), settings: settings(600) };
}

/** Lets time on ComfyControl stand still that long after now. */
function standStill(afterMs: number): void {
	const stillMs = clock.nowMs() + afterMs;
	sandboxMs = () => stillMs;
}

type Collect = (itemIndex: number) => Promise<void>;

async function track(
	jobs: FollowedJob[],
	policy: FailurePolicy = 'goOn',
	onCompleted: Collect = async () => {},
	contextOf = (context: IExecuteFunctions) => context,
) {
	const ends = await asNode(
		{ apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		async (context) =>
			await followJobs(contextOf(context), policy, jobs, async ({ itemIndex }, { id, status }) => {
				await onCompleted(itemIndex);
				return [{ json: { id, status } }];
			}),
	);
	return ends.map((end) =>
		isFailure(end) ? end : { itemIndex: end.itemIndex, ...end.items[0].json },
	);
}

/** Has n8n fail to read the credential that often. */
function withoutCredential(fault: Error, times = Infinity) {
	let count = 0;
	const contextOf = (context: IExecuteFunctions): IExecuteFunctions => {
		const getCredentials = async (...args: Parameters<typeof context.getCredentials>) => {
			if (count++ < times) throw fault;
			return await context.getCredentials(...args);
		};
		return Object.create(context, { getCredentials: { value: getCredentials } });
	};
	return { contextOf, reads: () => count };
}

function statusOf({ workflow }: FollowedJob): string | undefined {
	return sandbox.workflows.find(({ id }) => id === workflow.id)?.status;
}

function reads(): string[] {
	return sandbox.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);
}

describe('followJobs', () => {
	it('goes on when n8n can’t read the credential for a moment', async () => {
		const { contextOf } = withoutCredential(new Error('Connection terminated unexpectedly'), 2);
		const ends = await track([await start(0)], 'stop', undefined, contextOf);
		expect(ends).toMatchObject([{ itemIndex: 0, status: 'completed' }]);
	});

	it('gives up in seconds when n8n can’t read the credential for good', async () => {
		const job = await start(0);
		const { contextOf, reads } = withoutCredential(new Error('Connection terminated'));
		const ends = await track([job], 'stop', undefined, contextOf);
		expect(ends).toMatchObject([{ error: { message: 'Connection terminated' } }]);
		expect(reads()).toBe(6);
	});

	it('fails at once when the credential can’t be decrypted', async () => {
		// One that is known by its ID alone is looked at first without a pause.
		const job = { ...(await start(0)), workflow: { id: 'w1' } };
		const fault = new Error('Credentials could not be decrypted.');
		const { contextOf, reads } = withoutCredential(fault);
		const ends = await track([job], 'stop', undefined, contextOf);
		expect(ends).toMatchObject([
			{
				workflowId: 'w1',
				error: {
					message: fault.message,
					description: expect.stringContaining('Workflow w1 may go on all the same'),
				},
			},
		]);
		expect(reads()).toBe(1);
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
		const ends = await track([run, { ...run, itemIndex: 1, settings: settings(3) }]);
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
		const onCompleted = jest.fn(async () => {});
		const ends = await track([slow, bad], 'stop', onCompleted);
		expect(ends).toMatchObject([{ itemIndex: 1, error: { name: 'NodeOperationError' } }]);
		expect(onCompleted).not.toHaveBeenCalled();
	});

	it('ends with the first result that can’t be had if that is the policy', async () => {
		const slow = await start(1);
		standStill(2_000);
		const ends = await track([completed(0), slow], 'stop', async () => {
			throw new Error('No disk left');
		});
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
		const tracking = track([completed(0), slow], 'goOn', async (itemIndex) => {
			if (itemIndex === 0) await Promise.reject('stopped');
		});
		await expect(tracking).rejects.toBe('stopped');
		expect(statusOf(slow)).toBe('completed');
	});
});

it('sees the end of 500 within 30 seconds, though others start 50 meanwhile', async () => {
	const shared = sandbox;
	sandbox = await startSandbox({
		clock,
		rateLimit: false,
		durationsMs: DURATIONS_MS,
		parallelJobs: 50,
		pictures: 'plain',
		network: { answerMs: 250 },
	});
	try {
		const jobs: FollowedJob[] = [];
		for (let item = 0; item < 500; item++) jobs.push(await start(item));
		const seenMs: number[] = [];
		const ends = track(jobs, 'goOn', async () => void seenMs.push(clock.nowMs()));
		const othersAreStarted = clock.pause(60_000).then(async () => {
			for (let other = 0; other < 50; other++) await start(other);
		});
		expect((await ends).filter((end) => 'status' in end)).toHaveLength(500);
		await othersAreStarted;
		const own = new Set(jobs.map(({ workflow: { id } }) => id));
		const endedMs = sandbox.workflows.filter(({ id }) => own.has(id)).map((job) => job.endedAtMs);
		const lastMs = endedMs.reduce<number>((last, ms) => Math.max(last, ms ?? Infinity), 0);
		expect(Math.max(...seenMs) - lastMs).toBeLessThanOrEqual(30_000);
	} finally {
		await sandbox.stop();
		sandbox = shared;
	}
});

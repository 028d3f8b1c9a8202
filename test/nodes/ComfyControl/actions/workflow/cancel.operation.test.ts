import { othersWorkflowId, type Durations } from '../../../../sandbox';
import {
	byId,
	ERROR_OUTPUT,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	refusal,
	rows,
	SEEDS,
	stage,
	type Stage,
} from '../../../../support/stage';

const HOURS = 36_000_000;
const cancel = (id: string) => ({
	resource: 'workflow',
	operation: 'cancel',
	workflowId: byId(id),
});
const RERUN = { resource: 'workflow', operation: 'rerun', workflowId: byId(SEEDS.textToImage) };

/** A stage where workflows stay in the state that takes long. */
const slowStage = (slow: Partial<Durations>) =>
	stage({ durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: 0, ...slow } });

/** Starts a workflow, and forgets the request for it. */
async function started(at: Stage): Promise<string> {
	const { outputs } = await at.run(RERUN);
	at.sandbox.requests.length = 0;
	return String(outputs[0][0].json.id);
}

const stateOf = (at: Stage, id: string) =>
	at.sandbox.workflows.find((workflow) => workflow.id === id)?.status;

describe.each([
	['queued', { queued: HOURS }],
	['running', { running: HOURS }],
])('cancelling a workflow that is %s', (status, slow) => {
	const at = slowStage(slow);

	it('asks ComfyControl for it, and takes the empty answer for what it is', async () => {
		const id = await started(at);
		expect(stateOf(at, id)).toBe(status);
		const { outputs } = await at.run(cancel(id));
		const [request, ...others] = at.sandbox.requests;
		expect(request).toMatchObject({
			method: 'POST',
			path: `/v1/workflow/${id}/cancel`,
			fields: [],
			status: 200,
		});
		expect([request.json, others]).toEqual([undefined, []]);
		expect(outputs[0]).toEqual([{ json: { id, cancelRequested: true }, pairedItem: { item: 0 } }]);
		expect(stateOf(at, id)).toBe('cancelled');
	});
});

describe.each([
	['accepted', { accepted: HOURS }],
	['uploaded', { uploaded: HOURS }],
])('cancelling a workflow that is only %s (400)', (status, slow) => {
	const at = slowStage(slow);

	it('says that it is too early, and what to do', async () => {
		const id = await started(at);
		const { error } = await at.run(cancel(id));
		expect(error).toMatchObject({
			message: `Workflow ${id} can't be cancelled yet: it is '${status}'`,
			description: expect.stringContaining('Try again in a few seconds'),
			context: { itemIndex: 0 },
		});
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'POST', status: 400 },
			{ method: 'GET', path: `/v1/workflow/${id}`, status: 200 },
		]);
	});
});

describe('cancelling a workflow that has ended (400)', () => {
	const at = slowStage({});

	it.each(['completed', 'failed', 'cancelled', 'invalid'] as const)(
		'as %s says that there is nothing left to cancel',
		async (status) => {
			at.sandbox.failJobs({ status });
			const id = await started(at);
			const { error } = await at.run(cancel(id));
			expect(error).toMatchObject({
				message: `Workflow ${id} can no longer be cancelled: it is '${status}'`,
				description: expect.stringContaining('nothing left to cancel'),
			});
			expect(stateOf(at, id)).toBe(status);
		},
	);

	it('explains that its state can’t be read either', async () => {
		at.sandbox.failNext({ on: { method: 'GET' }, ...refusal(404, 'requested entity not found') });
		const { error } = await at.run(cancel(SEEDS.video));
		expect(error.message).toBe(`ComfyControl has no workflow ${SEEDS.video}`);
	});
});

describe('cancelling workflows', () => {
	const at = slowStage({ running: HOURS });

	it('links results to their items, and goes on after one that failed', async () => {
		const ids = [await started(at), SEEDS.video, await started(at)];
		const { outputs } = await at.run(cancel('={{ $json.id }}'), {
			items: rows(...ids.map((id) => ({ id }))),
			settings: ERROR_OUTPUT,
		});
		expect(outputs[0]).toEqual([
			{ json: { id: ids[0], cancelRequested: true }, pairedItem: { item: 0 } },
			{ json: { id: ids[2], cancelRequested: true }, pairedItem: { item: 2 } },
		]);
		expect(outputs[1]).toMatchObject([
			{
				json: {
					error: {
						message: `Workflow ${SEEDS.video} can no longer be cancelled: it is 'completed'`,
					},
				},
				pairedItem: { item: 1 },
			},
		]);
	});

	itExplainsWrongIds(at, cancel, 'workflow', othersWorkflowId);
	itExplainsCommonErrors(at, cancel(SEEDS.video), 'POST');
});

describe('cancelling a workflow whose runner can’t be reached (500)', () => {
	const at = stage({
		durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: HOURS },
		switches: { runnerReachable: false },
	});

	it('says so, and asks once only', async () => {
		const id = await started(at);
		const { error } = await at.run(cancel(id));
		expect(error).toMatchObject({
			httpCode: '500',
			message: 'Could not reach the runner',
			description: expect.stringContaining('Try again later'),
		});
		expect(at.sandbox.requests).toHaveLength(1);
		expect(stateOf(at, id)).toBe('running');
	});
});

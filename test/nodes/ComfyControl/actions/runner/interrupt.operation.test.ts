import { othersRunnerId } from '../../../../sandbox';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const interrupt = (id: string) => ({
	resource: 'runner',
	operation: 'interrupt',
	runnerId: byId(id),
});
const MAIN = interrupt(SEEDS.runners.main);
const RERUN = { resource: 'workflow', operation: 'rerun', workflowId: byId(SEEDS.textToImage) };

describe('interrupting a runner', () => {
	const at = stage({ durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: 3_600_000 } });

	it('stops what runs on it, and takes the empty answer for what it is', async () => {
		await at.run(RERUN);
		expect(at.sandbox.workflows.at(-1)?.status).toBe('running');
		const { outputs } = await at.run(MAIN);
		const request = at.sandbox.requests.at(-1);
		expect(request).toMatchObject({
			method: 'POST',
			path: `/v1/runner/${SEEDS.runners.main}/interrupt`,
			fields: [],
			status: 200,
		});
		expect(request?.json).toBeUndefined();
		expect(outputs[0]).toEqual([
			{ json: { id: SEEDS.runners.main, interrupted: true }, pairedItem: { item: 0 } },
		]);
		expect(at.sandbox.workflows.at(-1)?.status).toBe('cancelled');
	});

	it('leaves other runners alone', async () => {
		await at.run(RERUN);
		await at.run(interrupt(SEEDS.runners.tagged));
		expect(at.sandbox.workflows.at(-1)?.status).toBe('running');
	});

	it('explains a runner that can’t be reached (500), and asks it once only', async () => {
		const { error, sandbox } = await runApart({ switches: { runnerReachable: false } }, MAIN);
		expect(error).toMatchObject({
			httpCode: '500',
			message: 'Could not reach the runner',
			description: expect.stringContaining('Try again later'),
		});
		expect(sandbox.requests).toHaveLength(1);
	});

	itExplainsWrongIds(at, interrupt, 'runner', othersRunnerId);
	itExplainsCommonErrors(at, MAIN, 'POST');
	itWorksItemByItem(at, MAIN, 'POST');
});

import { waitFor } from '../support/processes';
import type { N8nServer } from './n8nServer';
import { setStage, type Stage } from './stage';
import { batchWorkflow, triggerNode } from './workflows';

const CANCELLING = 'stopAndCancel001';
const LEAVING = 'stopAndLeave0001';
const PROMPTS = ['one', 'two', 'three'];
const HOUR_MS = 3_600_000;
const PATIENCE_MS = 60_000;

let stage: Stage;
let server: N8nServer;

beforeAll(async () => {
	stage = await setStage(
		({ seeds: { textToImage } }) =>
			[CANCELLING, LEAVING].map((id) =>
				batchWorkflow(id, textToImage, PROMPTS, {
					parameters: {
						waitForCompletion: true,
						options: { cancelOnStop: id === CANCELLING, timeout: HOUR_MS / 1_000 },
					},
				}),
			),
		{ durationsMs: { running: HOUR_MS } },
	);
	server = await stage.n8n.start();
});

afterAll(async () => {
	await server?.stop();
	await stage?.clear();
});

/** Runs a workflow until everything is started, and stops it. @returns the ids of what it started */
async function stoppedRun(workflowId: string): Promise<string[]> {
	const { owner } = server;
	const before = started().length;
	const executionId = await owner.begin(workflowId, { name: triggerNode().name });
	const areStarted = async () => started().length === before + PROMPTS.length || undefined;
	await waitFor('start of all workflows', areStarted, PATIENCE_MS);
	await owner.stop(executionId);
	const isStopped = async () =>
		(await owner.executionStates(workflowId))[0] === 'canceled' || undefined;
	await waitFor('end of the execution', isStopped, PATIENCE_MS);
	return started()
		.slice(before)
		.map(({ id }) => id);
}

function started() {
	return stage.sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null);
}

it('the Stop button leaves workflows running, and cancels them with Cancel on Stop', async () => {
	await stoppedRun(LEAVING);
	const toCancel = await stoppedRun(CANCELLING);
	const cancelled = () => started().filter(({ status }) => status === 'cancelled');
	const areCancelled = async () => cancelled().length >= PROMPTS.length || undefined;
	await waitFor('cancellation', areCancelled, PATIENCE_MS);
	expect(cancelled().map(({ id }) => id)).toEqual(toCancel);
	expect(started()).toHaveLength(2 * PROMPTS.length);
});

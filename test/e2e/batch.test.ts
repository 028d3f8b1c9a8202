import { at } from '../support/guards';
import { setStage, startedPrompts, type Stage } from './stage';
import { batchWorkflow, RERUN_NODE } from './workflows';

const WAITING = 'batchWaiting0001';
const RETRYING = 'batchRetrying001';
const FAILING = 'batchFailing0001';
const VARIATIONS = 'batchVariation01';
const PROMPTS = Array.from({ length: 10 }, (_prompt, index) => `picture ${index}`);

let stage: Stage;

beforeAll(async () => {
	stage = await setStage(
		({ seeds: { textToImage } }) => [
			batchWorkflow(WAITING, textToImage, PROMPTS, { parameters: { waitForCompletion: true } }),
			batchWorkflow(RETRYING, textToImage, PROMPTS.slice(0, 4), {
				settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 },
			}),
			batchWorkflow(FAILING, textToImage, PROMPTS.slice(0, 2), {
				parameters: { waitForCompletion: true },
				settings: { onError: 'continueErrorOutput' },
			}),
			batchWorkflow(VARIATIONS, textToImage, PROMPTS.slice(0, 2), {
				parameters: {
					waitForCompletion: true,
					options: { runsPerItem: 3, outputFileName: '={{ $json.prompts }}' },
				},
				settings: { onError: 'continueErrorOutput', retryOnFail: true, maxTries: 2 },
			}),
		],
		{ durationsMs: { running: 2_000 } },
	);
});

afterEach(() => stage.sandbox.reset());

afterAll(async () => await stage?.clear());

it('hands over the files of a batch of ten in its order', async () => {
	const execution = await stage.n8n.execute(WAITING);

	expect(execution.errorMessage()).toBeUndefined();
	const items = execution.items(RERUN_NODE);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(PROMPTS.map((_p, item) => ({ item })));
	for (const { json, binary } of items) {
		expect(json).toMatchObject({ status: 'completed', outputs: [{ mimeType: 'image/png' }] });
		expect(binary).toMatchObject({ data: { mimeType: 'image/png', fileExtension: 'png' } });
	}
	expect(startedPrompts(stage.sandbox).sort()).toEqual([...PROMPTS].sort());
	expect(stage.sandbox.downloads).toHaveLength(PROMPTS.length);
	expect(stage.sandbox.downloads.some(({ headers }) => 'authorization' in headers)).toBe(false);
});

it('starts nothing twice when n8n tries again', async () => {
	const { n8n, sandbox } = stage;
	const body = { status: 400, message: 'No runner available with matching tags' };
	sandbox.failNext({ on: { path: /rerun$/ }, kind: 'http', status: 400, body, after: 2 });

	const execution = await n8n.execute(RETRYING);

	expect(execution.errorMessage()).toBeUndefined();
	expect(execution.items(RERUN_NODE)).toHaveLength(4);
	expect(startedPrompts(stage.sandbox).sort()).toEqual(PROMPTS.slice(0, 4));
	const refused = sandbox.requests.filter(({ status }) => status === 400);
	expect(refused).toHaveLength(1);
});

it('hands over each run of an item, and the number of one that failed', async () => {
	const { n8n, sandbox } = stage;
	sandbox.failJobs({ status: 'failed' });

	const execution = await n8n.execute(VARIATIONS);

	const thrice = PROMPTS.slice(0, 2).flatMap((prompt) => [prompt, prompt, prompt]);
	expect(startedPrompts(sandbox).sort()).toEqual(thrice);
	const done = execution.items(RERUN_NODE);
	const failed = execution.items(RERUN_NODE, 1);
	expect([done.length, failed.length]).toEqual([5, 1]);
	expect(failed[0].json).toMatchObject({ error: { runNumber: expect.any(Number) } });
	for (const { json, binary, pairedItem } of done) {
		const prompt = PROMPTS[Number(at(pairedItem, 'item'))];
		const run = json.runNumber === 1 ? '' : `_run${String(json.runNumber)}`;
		expect(binary).toMatchObject({ data: { fileName: `${prompt}${run}.png` } });
	}
});

it('names the workflow that did not succeed on the error output', async () => {
	const { n8n, sandbox } = stage;
	sandbox.failJobs({
		status: 'failed',
		error_node: '3',
		exception_type: 'OutOfMemoryError',
		exception_message: 'Allocation on device',
	});

	const execution = await n8n.execute(FAILING);

	expect(execution.items(RERUN_NODE)).toHaveLength(1);
	const [failed] = execution.items(RERUN_NODE, 1);
	const { id } = sandbox.workflows.find(({ status }) => status === 'failed') ?? {};
	expect(failed.json).toMatchObject({
		error: {
			message: 'ComfyUI stopped at node 3: Allocation on device',
			workflowId: id,
			description: expect.stringContaining('OutOfMemoryError'),
		},
	});
});

import { createHash } from 'node:crypto';
import { paintSketch } from '../sandbox/picture';
import { setStage, type Stage } from './stage';
import { IMAGE_FILE_NAME, RERUN_NODE, rerunWorkflow } from './workflows';

const TEXT = 'a lighthouse at dawn,\nsoft light: “grüße” 5 €';
const MAIN_JOB = 'rerunMainJob0001';
const UNKNOWN_ORIGINAL = 'rerunUnknown0001';
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

let stage: Stage;

beforeAll(async () => {
	stage = await setStage(({ seeds }) => {
		const job = { originalId: seeds.textToImage, text: TEXT, sampler: 'dpm_2' };
		const unknown = { ...job, originalId: UNKNOWN_ID };
		return [rerunWorkflow(MAIN_JOB, job), rerunWorkflow(UNKNOWN_ORIGINAL, unknown)];
	});
});

afterEach(() => stage.sandbox.reset());

afterAll(async () => await stage?.clear());

it('reruns a workflow with a text, a file and a choice from the real n8n', async () => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(MAIN_JOB);

	expect(execution.errorMessage()).toBeUndefined();
	const reruns = sandbox.requests.filter(({ method }) => method === 'POST');
	expect(reruns).toHaveLength(1);
	const [rerun] = reruns;
	expect(rerun.path).toBe(`/v1/workflow/${sandbox.seeds.textToImage}/rerun`);
	expect(rerun.headers.authorization).toBe(`Bearer ${sandbox.token}`);
	expect(rerun.fields).toEqual(
		expect.arrayContaining([
			{ name: '$prompt', value: TEXT },
			{ name: '#sampler', value: 'dpm_2' },
		]),
	);
	expect(rerun.fields).toHaveLength(2);
	const png = paintSketch();
	expect(rerun.files).toEqual([
		expect.objectContaining({
			fieldName: '$input_image',
			fileName: IMAGE_FILE_NAME,
			mimeType: 'image/png',
			sizeBytes: png.length,
			sha256: createHash('sha256').update(png).digest('hex'),
		}),
	]);
	const [item, ...others] = execution.items(RERUN_NODE);
	expect(others).toEqual([]);
	expect(item.json).toEqual({
		id: rerun.workflowId,
		name: 'Text to Image Generation',
		status: 'accepted',
		tags: ['production', 'text2img'],
		created_at: expect.stringMatching(ISO_TIME),
		updated_at: expect.stringMatching(ISO_TIME),
		started_at: null,
		completed_at: null,
	});
	expect(item.pairedItem).toEqual({ item: 0 });
});

it('stops the execution with an error when the API refuses', async () => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(UNKNOWN_ORIGINAL);

	expect(execution.errorMessage()).toEqual(execution.errorMessage(RERUN_NODE));
	expect(execution.errorMessage()).toContain(UNKNOWN_ID);
	expect(execution.items(RERUN_NODE)).toEqual([]);
	expect(sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null)).toEqual([]);
});

import { createHash } from 'node:crypto';
import { paintSketch } from '../sandbox/picture';
import { file, FileServer } from '../support/fileServer';
import { setStage, type Stage } from './stage';
import {
	chain,
	IMAGE_FILE_NAME,
	imageNodes,
	RERUN_NODE,
	rerunNode,
	rerunWorkflow,
	triggerNode,
	type N8nNode,
} from './workflows';

const TEXT = 'a lighthouse at dawn,\nsoft light: “grüße” 5 €';
const MAIN_JOB = 'rerunMainJob0001';
const AS_JSON = 'rerunAsJson00001';
const BY_ADDRESS = 'rerunByAddress01';
const UNKNOWN_ORIGINAL = 'rerunUnknown0001';
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

let stage: Stage;
let files: FileServer;

beforeAll(async () => {
	files = await FileServer.start();
	stage = await setStage(({ seeds }) => {
		const job = { originalId: seeds.textToImage, text: TEXT, sampler: 'dpm_2' };
		const unknown = { ...job, originalId: UNKNOWN_ID };
		const asJson = JSON.stringify({ prompt: TEXT, input_image: 'data', sampler: 'dpm_2' });
		const image = files.serve('/photo.png', file(paintSketch(), { 'content-type': 'image/png' }));
		return [
			rerunWorkflow(MAIN_JOB, job),
			rerunWorkflow(UNKNOWN_ORIGINAL, unknown),
			chain(AS_JSON, 'Parameters as JSON', [
				...imageNodes(paintSketch()),
				rerunWith({ specifyParameters: 'json', parametersJson: asJson }),
			]),
			chain(BY_ADDRESS, 'A file by its address', [
				triggerNode(),
				rerunWith({ parameters: { file: [{ name: 'input_image', binaryPropertyName: image }] } }),
			]),
		];

		function rerunWith(parameters: Record<string, unknown>): N8nNode {
			const node = rerunNode(job);
			return { ...node, parameters: { ...node.parameters, ...parameters } };
		}
	});
});

afterEach(() => stage.sandbox.reset());

afterAll(async () => {
	await stage?.clear();
	files?.stop();
});

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

it('sends what a JSON object says, each by its kind', async () => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(AS_JSON);

	expect(execution.errorMessage()).toBeUndefined();
	const [rerun] = sandbox.requests.filter(({ method }) => method === 'POST');
	expect(rerun.fields).toHaveLength(2);
	expect(rerun.fields).toContainEqual({ name: '$prompt', value: TEXT });
	expect(rerun.fields).toContainEqual({ name: '#sampler', value: 'dpm_2' });
	expect(rerun.files).toMatchObject([{ fieldName: '$input_image', fileName: IMAGE_FILE_NAME }]);
});

it('fetches a file from its address', async () => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(BY_ADDRESS);

	expect(execution.errorMessage()).toBeUndefined();
	expect(files.requests.map(({ url }) => url)).toEqual(['/photo.png']);
	const [rerun] = sandbox.requests.filter(({ method }) => method === 'POST');
	const sha256 = createHash('sha256').update(paintSketch()).digest('hex');
	expect(rerun.files).toMatchObject([
		{ fieldName: '$input_image', fileName: 'photo.png', mimeType: 'image/png', sha256 },
	]);
});

it('stops the execution with an error when the API refuses', async () => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(UNKNOWN_ORIGINAL);

	expect(execution.errorMessage()).toEqual(execution.errorMessage(RERUN_NODE));
	expect(execution.errorMessage()).toContain(UNKNOWN_ID);
	expect(execution.items(RERUN_NODE)).toEqual([]);
	expect(sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null)).toEqual([]);
});

import { Editor } from './editor';
import { at } from '../support/guards';
import type { N8nServer } from './n8nServer';
import { setStage, type Stage } from './stage';
import { waitFor } from '../support/processes';
import { batchWorkflow, emptyWorkflow, RERUN_NODE, rerunWorkflow } from './workflows';

const MAIN_JOB = 'editorMainJob001';
const EMPTY = 'editorEmpty00001';
const WAITING = 'editorWaiting001';
// Longer than any test: what runs is there to be stopped.
const LONG_MS = 600_000;
const WORDS = [
	'comfyui',
	'image generation',
	'generate image',
	'ai image',
	'text to image',
	'img2img',
	'inpaint',
	'animation',
	'picture',
	'rerun',
	'stable diffusion',
	'flux',
	'upscale',
	'video',
];
const TEXT = 'a lighthouse at dawn, soft light, film grain';

let stage: Stage;
let server: N8nServer;
let editor: Editor;

beforeAll(async () => {
	stage = await setStage(
		({ seeds }) => [
			rerunWorkflow(MAIN_JOB, {
				originalId: seeds.textToImage,
				text: TEXT,
				sampler: 'dpm_2',
			}),
			emptyWorkflow(EMPTY),
			batchWorkflow(WAITING, seeds.textToImage, ['one', 'two', 'three'], {
				parameters: {
					waitForCompletion: true,
					options: { cancelOnStop: true, timeout: 600, outputMode: 'workflow' },
				},
			}),
		],
		{ durationsMs: { running: LONG_MS } },
	);
	server = await stage.n8n.start();
	editor = await Editor.open(server.baseUrl);
});

beforeEach(() => stage.sandbox.reset());

afterAll(async () => {
	await editor?.close();
	await server?.stop();
	await stage?.clear();
});

it('offers the node, and its twin for AI agents', async () => {
	const types = await editor.nodeTypeNames();

	expect(types).toEqual(
		expect.arrayContaining([
			'n8n-nodes-comfycontrol.comfyControl',
			'n8n-nodes-comfycontrol.comfyControlTool',
		]),
	);
});

it('shows text, file and choice in the panel and runs them', async () => {
	await editor.openWorkflow(MAIN_JOB);
	const panel = await editor.openNode(RERUN_NODE);

	const output: unknown = JSON.parse(await editor.executeStep());
	await editor.screenshot('editor-rerun.png');

	const values = await panel
		.getByTestId('node-parameters')
		.locator('input')
		.evaluateAll((inputs) => inputs.map((input) => ('value' in input ? input.value : undefined)));
	expect(values).toEqual(expect.arrayContaining(['prompt', 'input_image', 'sampler']));
	const [rerun] = stage.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(rerun.fields).toContainEqual({ name: '$prompt', value: TEXT });
	expect(rerun.fields).toContainEqual({ name: '#sampler', value: 'dpm_2' });
	expect(rerun.files.map(({ fieldName }) => fieldName)).toEqual(['$input_image']);
	expect(at(output, 0, 'id')).toBe(rerun.workflowId);
	expect(at(output, 0, 'status')).toBe('accepted');
});

it('is found by words that people type', async () => {
	await editor.openWorkflow(EMPTY);
	await editor.openNodeList();

	for (const words of WORDS) await editor.findNode(words, 'ComfyControl');
});

it('adds an empty node from the node list', async () => {
	await editor.openWorkflow(EMPTY);
	const panel = await editor.addNode('ComfyControl', /^\s*Rerun/);

	expect(await panel.getByTestId('parameter-input-workflowId').isVisible()).toBe(true);
	await editor.screenshot('editor-new-node.png');
});

it('tests the credential', async () => {
	await editor.openWorkflow(MAIN_JOB);
	await editor.openNode(RERUN_NODE);
	const dialog = await editor.openCredential();

	await dialog.getByText('Connection tested successfully').waitFor();
	await editor.screenshot('editor-credential.png');
	expect(stage.sandbox.requests.map(({ path }) => path)).toContain('/v1/user');
});

it('shows the fields of waiting only when it waits', async () => {
	await editor.openWorkflow(MAIN_JOB);
	const starting = await editor.openNode(RERUN_NODE);
	const download = starting.getByTestId('parameter-input-downloadOutputs');
	await starting.getByTestId('parameter-input-waitForCompletion').waitFor();
	expect(await download.count()).toBe(0);

	await editor.openWorkflow(WAITING);
	const waiting = await editor.openNode(RERUN_NODE);
	await waiting.getByTestId('parameter-input-downloadOutputs').waitFor();
	await editor.screenshot('editor-waiting.png');
	expect(await waiting.innerText()).toContain('Cancel on Stop');
});

it('stops a running execution and cancels what it started', async () => {
	const { sandbox } = stage;
	await editor.openWorkflow(WAITING);
	await editor.executeWorkflow();
	const started = () => sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null);
	const allRun = async () => (started().length === 3 && started().every(isRunning)) || undefined;
	await waitFor('running workflows', allRun, 30_000);

	await editor.stopExecution();
	const allCancelled = async () =>
		started().every(({ status }) => status === 'cancelled') || undefined;
	await waitFor('cancelled workflows', allCancelled, 30_000);
	expect(started()).toHaveLength(3);
});

function isRunning({ status }: { status: string }): boolean {
	return status === 'running';
}

import { createHash } from 'node:crypto';
import { Editor } from './editor';
import { N8N_VERSIONS, wantedVersion } from './n8nInstall';
import type { N8nServer } from './n8nServer';
import { paintSketch } from '../sandbox/picture';
import { file, FileServer } from '../support/fileServer';
import { waitFor } from '../support/processes';
import { setStage, type Stage } from './stage';
import { formWorkflow, RERUN_NODE } from './workflows';

const PICKED = 'formPicked0000001';
const MAPPED = 'formMapped0000001';
const REFUSED = 'formRefused000001';
const AS_JSON = 'formAsJson0000001';
const HISTORY = 300;
const QUOTED = 'a sign that says “open”,\nand "closed" below';
// The editor of the oldest n8n shows the first page of a list alone; its search finds the rest.
const LISTS_GO_ON = wantedVersion() !== N8N_VERSIONS[0];
const ROWS = [
	{ prompt: 'one', sampler: 'ddim', note: 'no parameter' },
	{ prompt: 'two', sampler: 'euler' },
	{ prompt: 'three' },
];

let stage: Stage;
let server: N8nServer;
let editor: Editor;
let files: FileServer;

beforeAll(async () => {
	files = await FileServer.start();
	const photo = files.serve('/photo.png', file(paintSketch(), { 'content-type': 'image/png' }));
	stage = await setStage(
		({ seeds }) => [
			formWorkflow(PICKED, [{ words: 'a lighthouse at dawn' }]),
			formWorkflow(MAPPED, ROWS, {
				workflowId: { __rl: true, mode: 'id', value: seeds.textToImage },
				parameterForm: { mappingMode: 'autoMapInputData', value: null },
			}),
			formWorkflow(REFUSED, [{}]),
			formWorkflow(AS_JSON, [{ text: QUOTED, photo }], {
				workflowId: { __rl: true, mode: 'id', value: seeds.textToImage },
				specifyParameters: 'json',
				parametersJson: '={{ { prompt: $json.text, input_image: $json.photo, sampler: "ddim" } }}',
			}),
		],
		{ history: HISTORY },
	);
	server = await stage.n8n.start();
	editor = await Editor.open(server.baseUrl);
});

beforeEach(() => stage.sandbox.reset());

afterAll(async () => {
	await editor?.close();
	await server?.stop();
	await stage?.clear();
	files?.stop();
});

function started() {
	return stage.sandbox.requests.filter(({ method }) => method === 'POST');
}

it('picks a workflow from the list, changes one field of its form, and sends that form', async () => {
	await editor.openWorkflow(PICKED);
	await editor.openNode(RERUN_NODE);

	const list = await editor.openList('workflowId');
	if (LISTS_GO_ON) await list.scrollPast(150);
	await editor.screenshot('editor-list.png');
	const found = await list.search('text2img');
	expect(found.at(0)).toMatch(
		/^Text to Image Generation #production #text2img \([\d-]+ [\d:]+, a1b2c3d4\)$/,
	);
	await list.pick(/^Text to Image Generation /);

	await editor.formField('$text(prompt)').fill('a lighthouse at dawn');
	expect(await editor.formFieldIds()).toEqual([
		'$text(prompt)',
		'$text(negative_prompt)',
		'$file(input_image)',
		'#choice(sampler)',
	]);

	await editor.executeStep();
	await editor.screenshot('editor-form.png');
	expect(started()).toMatchObject([
		{
			fields: [
				{ name: '$prompt', value: 'a lighthouse at dawn' },
				{ name: '$negative_prompt', value: 'blurry, low quality' },
				{ name: '#sampler', value: 'euler_ancestral' },
			],
			files: [],
		},
	]);
});

it('follows with its form when another workflow is chosen', async () => {
	await editor.openWorkflow(PICKED);
	await editor.openNode(RERUN_NODE);

	const list = await editor.openList('workflowId');
	await list.search('poem');
	await list.pick(/^Poem to Picture /);

	const isPoem = async () => {
		const ids = await editor.formFieldIds();
		return ids.join() === '$text(poem)' || undefined;
	};
	await waitFor('form of the other workflow', isPoem, 20_000);
	await editor.screenshot('editor-form-follows.png');
});

it('shows why there is no list', async () => {
	stage.sandbox.failNext({
		on: {},
		kind: 'http',
		status: 401,
		body: { status: 401, message: 'Invalid token' },
		times: 5,
	});
	await editor.openWorkflow(REFUSED);
	const panel = await editor.openNode(RERUN_NODE);
	await editor.openList('workflowId');

	await editor.page.getByText('ComfyControl refused the API token').first().waitFor();
	await editor.screenshot('editor-list-refused.png');
	expect(await panel.innerText()).not.toContain('No results');
});

it('maps rows to parameters of the same names, without a click', async () => {
	await editor.openWorkflow(MAPPED);
	await editor.executeWorkflow();
	await waitFor('reruns', async () => started().length === ROWS.length || undefined, 30_000);

	// They overlap on the way, so that they may arrive in another order.
	const sent = started().map(({ fields }) => fields.map(({ name, value }) => `${name}=${value}`));
	expect(sent.map((fields) => fields.join()).sort()).toEqual([
		'#sampler=ddim,$prompt=one',
		'#sampler=euler,$prompt=two',
		'$prompt=three',
	]);
});

it('takes all parameters from one object, with a file by its address', async () => {
	await editor.openWorkflow(AS_JSON);
	await editor.openNode(RERUN_NODE);
	await editor.executeStep();
	await editor.screenshot('editor-json.png');

	const sha256 = createHash('sha256').update(paintSketch()).digest('hex');
	expect(started()).toMatchObject([
		{
			fields: [
				{ name: '#sampler', value: 'ddim' },
				{ name: '$prompt', value: QUOTED },
			],
			files: [{ fieldName: '$input_image', fileName: 'photo.png', mimeType: 'image/png', sha256 }],
		},
	]);
	expect(files.requests).toHaveLength(1);
	expect(files.signedIn(stage.sandbox.token)).toEqual([]);
});

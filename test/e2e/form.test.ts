import { createHash } from 'node:crypto';
import type { Dialog } from 'playwright-core';
import type { ReceivedField } from '../sandbox';
import { Editor } from './editor';
import { N8N_VERSIONS, wantedVersion } from './n8nInstall';
import { at } from '../support/guards';
import type { N8nServer } from './n8nServer';
import { paintSketch } from '../sandbox/picture';
import { file, FileServer } from '../support/fileServer';
import { waitFor } from '../support/processes';
import { setStage, type Stage } from './stage';
import {
	createFormsWorkflow,
	fileFormWorkflow,
	formWorkflow,
	RERUN_NODE,
	triggerNode,
	type N8nWorkflow,
} from './workflows';

const PICKED = 'formPicked0000001';
const MAPPED = 'formMapped0000001';
const REFUSED = 'formRefused000001';
const AS_JSON = 'formAsJson0000001';
const HISTORY = 300;
const QUOTED = 'a sign that says “open”,\nand "closed" below';
// The editor of the oldest n8n shows the first page of a list alone; its search finds the rest.
const LISTS_GO_ON = wantedVersion() !== N8N_VERSIONS[0];
const HOSTILE = 'formHostile000001';
const WITH_FILE = 'formWithFile00001';
const SHEET = 'formSheet00000001';
const SHEET_GOES_ON = 'formSheet00000002';
const WRONG_JSON = 'formWrongJson0001';
const SHEET_ROWS = [
	{ prompt: 'one', sampler: 'ddim' },
	{ Prompt: 'two', Sampler: 'euler' },
	{ promt: 'three' },
];
const NOTHING_FITS = 'No field of the item fits a parameter of the workflow';
/** What a stranger may have run last: values by their placeholders. */
const HOSTILE_VALUES: Record<string, string> = {
	'$text(expression)': '={{ $workflow.name }}',
	'$text(face)': '=^.^= a cat',
	'$text(braces)': '{{ 1 + 1 }} "}}" \\ <b>bold</b>',
	'$text(<img src=x onerror=alert`1`>)': '<img src=x onerror="alert(1)"><script>alert(2)</script>',
	'$text(gnp\u202Eevil)': 'abc\u202Edef\u2066 \u200bghi',
	'$text(long)': 'long '.repeat(20_000),
	'$text(token)': 'Bearer cfc_other_example',
	'$text(constructor)': '__proto__',
};
const HOSTILE_CHOICE = '={{ $workflow.id }}';
const ROWS = [
	{ prompt: 'one', sampler: 'ddim', note: 'no parameter' },
	{ prompt: 'two', sampler: 'euler' },
	{ prompt: 'three' },
];

const WRONG_DEFINITIONS = {
	'From the editor': { workflowJson: '{ "nodes": [], "links": [] }' },
	'With a comma too many': { workflowJson: '{ "3": { "class_type": "A" }, }' },
	'In a wrapper': {
		workflowJson: '{ "<img src=x>": { "3": { "class_type": "A", "inputs": {} } } }',
	},
	'From a file': { workflowSource: 'binary' },
};
const NOTICES: Record<keyof typeof WRONG_DEFINITIONS, string> = {
	'From the editor': "The workflow JSON is in the format of ComfyUI's editor",
	'With a comma too many': "isn't valid JSON",
	'In a wrapper': "in '<img src=x>'",
	'From a file': "The form can't be made from a binary file",
};

const MANUAL = { name: triggerNode().name };

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
			formWorkflow(HOSTILE, [{}]),
			fileFormWorkflow(WITH_FILE),
			mapped(SHEET, seeds.textToImage),
			onErrorOutput(mapped(SHEET_GOES_ON, seeds.textToImage)),
			createFormsWorkflow(WRONG_JSON, WRONG_DEFINITIONS),
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

function mapped(id: string, originalId: string): N8nWorkflow {
	return formWorkflow(id, SHEET_ROWS, {
		workflowId: { __rl: true, mode: 'id', value: originalId },
		parameterForm: { mappingMode: 'autoMapInputData', value: null },
	});
}

function onErrorOutput(workflow: N8nWorkflow): N8nWorkflow {
	const nodes = workflow.nodes.map((node) =>
		node.name === RERUN_NODE ? { ...node, onError: 'continueErrorOutput' } : node,
	);
	return { ...workflow, nodes };
}

/** Starts a workflow at the API, as anybody may, whose names and values are not meant well. */
async function startHostile(): Promise<void> {
	const { apiUrl, token } = stage.sandbox;
	const inputs = Object.fromEntries(
		Object.keys(HOSTILE_VALUES).map((text, at) => [`t${at}`, text]),
	);
	const choice = `$choice(pick, ${HOSTILE_CHOICE}, <b>bold</b>)`;
	const json = { '3': { class_type: 'A', inputs: { ...inputs, choice } } };
	const form = new FormData();
	form.set('name', 'Hostile <b>bold</b> \u202Eevil cfc_other_example');
	form.set('workflow_json', new File([JSON.stringify(json)], 'workflow.json'));
	for (const [text, value] of Object.entries(HOSTILE_VALUES)) {
		form.set(`$${text.slice('$text('.length, -1)}`, value);
	}
	const response = await fetch(`${apiUrl}/v1/workflow`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: form,
	});
	expect(await response.text()).toContain('Hostile');
	stage.sandbox.requests.length = 0;
}

function byName(fields: ReceivedField[]): ReceivedField[] {
	return [...fields].sort((a, b) => a.name.localeCompare(b.name));
}

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
		/^Text to Image Generation \([\d-]+ [\d:]+, a1b2c3d4\) #production #text2img$/,
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

it('fills the form with what a stranger ran last, as text and nothing else', async () => {
	await startHostile();
	const dialogs: string[] = [];
	const keep = (dialog: Dialog) => {
		dialogs.push(dialog.message());
		void dialog.accept();
	};
	editor.page.on('dialog', keep);
	await editor.openWorkflow(HOSTILE);
	await editor.openNode(RERUN_NODE);
	const list = await editor.openList('workflowId');
	await list.search('Hostile');
	expect(await list.pick(/^Hostile /)).toMatch(/^Hostile <b>bold<\/b> evil cfc_\*\*\* \(/);
	const isFilled = async () =>
		(await editor.formFieldIds()).length === Object.keys(HOSTILE_VALUES).length + 1 || undefined;
	await waitFor('fields of the form', isFilled, 30_000);

	await editor.executeStep();
	await editor.screenshot('editor-form-hostile.png');
	const values = Object.entries(HOSTILE_VALUES).map(([text, value]) => ({
		name: `$${text.slice('$text('.length, -1)}`,
		value,
	}));
	const sent = byName([...values, { name: '#pick', value: HOSTILE_CHOICE }]);
	expect(started().map(({ fields }) => byName(fields))).toEqual([sent]);
	editor.page.off('dialog', keep);
	expect(dialogs).toEqual([]);
	expect(await editor.page.locator('img[src="x"]').count()).toBe(0);

	await editor.closeNode();
	await editor.save();
	const isSaved = async () => {
		const saved = await server.owner.savedParameters(HOSTILE, RERUN_NODE);
		return (
			at(saved, 'parameterForm', 'value', '$text(long)') === HOSTILE_VALUES['$text(long)'] ||
			undefined
		);
	};
	await waitFor('the workflow that is saved', isSaved, 30_000);
	const execution = await server.owner.run(HOSTILE, MANUAL, 60_000);
	expect(execution.errorMessage()).toBeUndefined();
	expect(started().map(({ fields }) => byName(fields))).toEqual([sent, sent]);
});

it('sends the item’s only file where the box of the file is left empty', async () => {
	await editor.openWorkflow(WITH_FILE);
	await editor.openNode(RERUN_NODE);
	const list = await editor.openList('workflowId');
	await list.search('text2img');
	await list.pick(/^Text to Image Generation /);
	await editor.formField('$text(prompt)').fill('with a file');
	await editor.executeStep();
	await editor.screenshot('editor-form-file.png');

	const sha256 = createHash('sha256').update(paintSketch()).digest('hex');
	expect(started()).toMatchObject([{ files: [{ fieldName: '$input_image', sha256 }] }]);
});

it('starts nothing of a sheet with a row that fits nothing, and names both sides', async () => {
	await editor.openWorkflow(SHEET);
	await editor.executeWorkflow();
	const hasFailed = async () =>
		(await server.owner.executionStates(SHEET))[0] === 'error' || undefined;
	await waitFor('the execution that fails', hasFailed, 60_000);
	const panel = await editor.openNode(RERUN_NODE);
	await panel.getByText(NOTHING_FITS).first().waitFor();
	await editor.screenshot('editor-mapping.png');

	const shown = await panel.innerText();
	expect(shown).toContain("did you mean 'prompt' by 'promt'");
	expect(shown).toContain("'sampler' (choice)");
	expect(shown).not.toContain('This workflow has no parameters');
	expect(started()).toEqual([]);
});

it('maps the rows of a sheet that fit, whatever their capitals, when the node goes on', async () => {
	const execution = await server.owner.run(SHEET_GOES_ON, MANUAL, 60_000);

	const sent = started().map(({ fields }) => fields.map(({ name, value }) => `${name}=${value}`));
	expect(sent.map((fields) => fields.join()).sort()).toEqual([
		'#sampler=ddim,$prompt=one',
		'#sampler=euler,$prompt=two',
	]);
	expect(execution.items(RERUN_NODE, 1)).toMatchObject([
		{ json: { error: { message: expect.stringContaining(NOTHING_FITS) } } },
	]);
});

it.each(Object.entries(NOTICES))('says why there is no form: %s', async (name, notice) => {
	await editor.openWorkflow(WRONG_JSON);
	const panel = await editor.openNode(name);
	await panel.getByText(notice).first().waitFor();
	await editor.screenshot(`editor-no-form-${name.toLowerCase().replaceAll(' ', '-')}.png`);
	expect(await panel.locator('img[src="x"]').count()).toBe(0);
	expect(await panel.innerText()).not.toContain('Enter the workflow JSON first');
});

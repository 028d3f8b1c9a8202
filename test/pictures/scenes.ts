import type { Locator } from 'playwright-core';

import type { Editor } from '../e2e/editor';
import {
	chain,
	finishWorkflow,
	RERUN_NODE,
	rerunNode,
	rowsNode,
	triggerNode,
	type N8nNode,
	type N8nWorkflow,
} from '../e2e/workflows';
import type { Film } from './film';

const FORM = 'pictureForm000001';
const ROWS = 'pictureRows000001';
const FINISHED = 'pictureFinish0001';
const WIDER_PX = 100;
const PROMPT = 'a lighthouse at dawn';
const REQUEST = { Prompt: PROMPT, Email: 'sandy@example.com' };

/** The workflows of n8n that the pictures are of. */
export function workflows(originalId: string): N8nWorkflow[] {
	return [
		answeredForm(),
		mappedRows(originalId),
		finishWorkflow(FINISHED, [{ mode: 'everyMinute' }]),
	];
}

/**
 * From a form's answer to a finished picture, as somebody does it who has just installed the node.
 *
 * @returns the panel at the end
 */
export async function showRerun(editor: Editor, film: Film): Promise<Locator> {
	const { page } = editor;
	const option = (name: string) => page.getByRole('option', { name });
	const listed = (name: RegExp) =>
		page.getByTestId('node-creator-item-name').filter({ hasText: name });

	await editor.openWorkflow(FORM);
	await film.hold();
	const search = page.getByTestId('node-creator-search-bar');
	await film.click(page.getByTestId('canvas-handle-plus'), search);
	await film.type(search, 'image generation');
	await film.click(listed(/^\s*ComfyControl\s*$/), listed(/^\s*Rerun/));
	const panel = page.getByTestId('ndv');
	const field = (name: string) => panel.getByTestId(`parameter-input-${name}`);
	await film.click(listed(/^\s*Rerun/), field('workflowId'));
	await widenOutput(editor);

	film.beginShortForm();
	await film.hold();
	const entry = page.getByTestId('rlc-item').filter({ hasText: 'Text to Image' });
	await film.click(page.getByTestId('resource-locator-workflowId'), entry);
	await film.click(entry, field('specifyParameters'));
	await film.click(field('specifyParameters'), option('Using Workflow Form'));
	const prompt = editor.formField('$text(prompt)');
	await film.click(option('Using Workflow Form'), prompt, 1_500);
	const pill = panel.locator('[data-target="mappable"]').filter({ hasText: 'Prompt' });
	await film.clear(prompt);
	await film.drag(pill.first(), prompt, panel.getByText('{{ $json.Prompt }}'));
	await film.click(field('waitForCompletion'), field('downloadOutputs'));
	const view = page.getByTestId('ndv-view-binary-data');
	const running = page.getByText('Executing node');
	await film.click(panel.getByTestId('node-execute-button'), running, 2_000);
	await view.waitFor();
	await film.hold();
	await film.click(view, page.getByTestId('output-panel').locator('img'), 4_000);
	await pointAway(editor);
	return panel;
}

/** Rows of a table, the columns mapped automatically, and a file for each. */
export async function showRows(editor: Editor): Promise<Locator> {
	const { page } = editor;
	await editor.openWorkflow(ROWS);
	const panel = await editor.openNode(RERUN_NODE);
	await panel.getByTestId('node-execute-button').click();
	await page.getByTestId('ndv-view-binary-data').nth(2).waitFor();
	await page.getByTestId('ndv-input-panel').getByTestId('radio-button-table').click();
	await pointAway(editor);
	return panel;
}

/** The trigger with what it gave last. */
export async function showTrigger(editor: Editor): Promise<Locator> {
	const { page } = editor;
	await editor.openWorkflow(FINISHED);
	const panel = await editor.openNode('When a workflow finishes');
	const fetchEvent = panel.getByTestId('trigger-execute-button');
	await fetchEvent.or(panel.getByText('Fetch Test Event')).first().click();
	const view = page.getByTestId('ndv-view-binary-data');
	await view.waitFor();
	await view.click();
	await page.getByTestId('output-panel').locator('img').waitFor();
	await pointAway(editor);
	return panel;
}

/** Makes room for the files that come out: moves the parameters to the left. */
async function widenOutput({ page }: Editor): Promise<void> {
	const box = await page.getByTestId('panel-drag-button').boundingBox();
	if (!box) throw new Error('The panel has no handle to move it by');
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	await page.mouse.move(x, y);
	await page.mouse.down();
	await page.mouse.move(x - WIDER_PX, y, { steps: 5 });
	await page.mouse.up();
}

async function pointAway({ page }: Editor): Promise<void> {
	await page.mouse.move(0, 0);
}

/** A form that somebody has answered. */
function answeredForm(): N8nWorkflow {
	const form: N8nNode = {
		id: 'form',
		webhookId: 'bff4450f-7b97-42e8-a455-b38c465a5432',
		name: 'On form submission',
		type: 'n8n-nodes-base.formTrigger',
		typeVersion: 2.3,
		position: [0, 0],
		parameters: {
			formTitle: 'Order a picture',
			formFields: { values: Object.keys(REQUEST).map((fieldLabel) => ({ fieldLabel })) },
			options: {},
		},
	};
	return {
		...chain(FORM, 'Order a picture', [form]),
		pinData: { [form.name]: [{ json: REQUEST }] },
	};
}

/** A rerun for each row, with columns of the parameters' names. */
function mappedRows(originalId: string): N8nWorkflow {
	const rows = rowsNode([
		{ name: 'lighthouse', Prompt: PROMPT, sampler: 'euler' },
		{ name: 'harbour', Prompt: 'a harbour in the rain', sampler: 'ddim' },
		{ name: 'island', Prompt: 'an island seen from above', sampler: 'dpm_2' },
	]);
	const rerun = rerunNode({ originalId, text: '', sampler: '' });
	return chain(ROWS, 'A picture for each row', [
		triggerNode(),
		rows,
		{
			...rerun,
			parameters: {
				resource: 'workflow',
				operation: 'rerun',
				workflowId: {
					__rl: true,
					mode: 'list',
					value: originalId,
					cachedResultName: 'Text to Image Generation #production #text2img',
				},
				specifyParameters: 'form',
				parameterForm: { mappingMode: 'autoMapInputData', value: null },
				waitForCompletion: true,
				options: { outputFileName: '={{ $json.name }}' },
			},
		},
	]);
}

import type { INodeParameters } from 'n8n-workflow';

import {
	definitionForm,
	templateForm,
	workflowForm,
} from '../../../../nodes/ComfyControl/methods/resourceMapping';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { editorContext } from '../../../support/engine';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(async () => await sandbox.stop());

async function formOf(mode: string, value: string, apiToken = sandbox.token) {
	const context = editorContext({
		parameters: { workflowId: { __rl: true, mode, value } },
		credentials: { apiToken, baseUrl: sandbox.apiUrl },
	});
	return await workflowForm.call(context);
}

describe('the form of a workflow', () => {
	it.each([
		['list', ''],
		['id', ''],
		['url', 'https://comfycontrol.app/workflow/'],
	])('has a field for each parameter, chosen by %s', async (mode, prefix) => {
		const { fields } = await formOf(mode, prefix + sandbox.seeds.textToImage);
		expect(fields).toMatchObject([
			{ displayName: 'prompt', type: 'string', defaultValue: 'A beautiful sunset over mountains' },
			{ displayName: 'negative_prompt', type: 'string', defaultValue: 'blurry, low quality' },
			{ displayName: 'input_image (field or URL)', type: 'string' },
			{
				displayName: 'sampler',
				type: 'options',
				defaultValue: 'euler_ancestral',
				options: [
					{ value: 'euler_ancestral' },
					{ value: 'euler' },
					{ value: 'dpm_2' },
					{ value: 'ddim' },
				],
			},
		]);
	});

	it('says when there is nothing to fill in', async () => {
		expect(await formOf('id', sandbox.seeds.noParameters)).toEqual({
			fields: [],
			emptyFieldsNotice:
				'This workflow has no parameters: it has no placeholders such as $text(prompt).',
		});
	});

	it('waits for a workflow to be chosen', async () => {
		expect(await formOf('list', '')).toMatchObject({
			fields: [],
			emptyFieldsNotice: expect.stringMatching(/^Choose a workflow first/),
		});
	});

	it('says nothing where columns are mapped, as the editor would still show it afterwards', async () => {
		const { apiUrl: baseUrl, token: apiToken } = sandbox;
		const parameters = {
			workflowId: { __rl: true, mode: 'list', value: '' },
			specifyParameters: 'form',
			parameterForm: { mappingMode: 'autoMapInputData', value: null },
		};
		const context = editorContext({ parameters, credentials: { apiToken, baseUrl } });
		expect(await workflowForm.call(context)).toEqual({ fields: [] });
	});

	it('shows why the workflow can’t be read', async () => {
		const id = '00000000-0000-4000-8000-000000000000';
		await expect(formOf('id', id)).rejects.toThrow(`ComfyControl has no workflow ${id}`);
	});
});

describe('the form for a workflow JSON', () => {
	const API = '{"3":{"class_type":"A","inputs":{"text":"$text(prompt, a poem)"}}}';

	async function formFor(parameters: INodeParameters) {
		const { apiUrl: baseUrl, token: apiToken } = sandbox;
		const shown = { resource: 'workflow', operation: 'create', name: 'x', ...parameters };
		return await definitionForm.call(
			editorContext({ parameters: shown, credentials: { apiToken, baseUrl } }),
		);
	}

	it('has a field for each of its placeholders', async () => {
		const { fields } = await formFor({ workflowJson: API });
		expect(fields).toMatchObject([{ displayName: 'prompt', defaultValue: 'a poem' }]);
	});

	it.each([
		[{ workflowSource: 'binary' }, "can't be made from a binary file"],
		[{ workflowSource: 'binary', workflowJson: API }, "can't be made from a binary file"],
		[{}, 'Enter the workflow JSON first'],
		[{ workflowJson: ' \n' }, 'Enter the workflow JSON first'],
		[{ workflowJson: '{"a":}' }, 'is not valid JSON'],
		[{ workflowJson: '<b>&"' }, '&lt;b&gt;&amp;'],
	])('says why there is none for %j', async (parameters, expected) => {
		const { fields, emptyFieldsNotice } = await formFor(parameters);
		expect(fields).toEqual([]);
		expect(emptyFieldsNotice).toContain(expected);
	});

	it.each(['', 'no id'])('waits for a template to be chosen: %j', async (value) => {
		const { apiUrl: baseUrl, token: apiToken } = sandbox;
		const templateId = { __rl: true, mode: 'id', value };
		const parameters = { resource: 'template', operation: 'run', templateId };
		const context = editorContext({ parameters, credentials: { apiToken, baseUrl } });
		expect((await templateForm.call(context)).emptyFieldsNotice).toMatch(/^Choose a template/);
	});
});

import type { INodeParameters, ResourceMapperValue } from 'n8n-workflow';

import { templateForm } from '../../../../../nodes/ComfyControl/methods/resourceMapping';
import { othersTemplateId } from '../../../../sandbox';
import { BinaryStore, editorContext, inlineFile } from '../../../../support/engine';
import {
	byId,
	ERROR_OUTPUT,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	MISSING_ID,
	refusal,
	rows,
	runApart,
	SEEDS,
	sentBy,
	stage,
} from '../../../../support/stage';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');
const PROMPT = { name: 'prompt', value: 'a barn' };
const PHOTO = { name: 'input_image', binaryPropertyName: 'data' };
const WITH_PHOTO = { json: {}, binary: { data: inlineFile(PICTURE, { fileName: 'barn.png' }) } };

const runOf = (id: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'template',
	operation: 'run',
	templateId: byId(id),
	parameters: { text: [PROMPT] },
	...more,
});
const VIDEO = runOf(SEEDS.templates.video);

describe('running a template', () => {
	const at = stage();
	const store = new BinaryStore();
	beforeAll(async () => await store.open());
	afterAll(async () => await store.close());

	it('sends its JSON under its name, with the parameters and the defaults of the others', async () => {
		const parameters = { text: [PROMPT], file: [PHOTO] };
		await at.run(runOf(SEEDS.templates.textToImage, { parameters }), { items: [WITH_PHOTO] });
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/template/${SEEDS.templates.textToImage}` },
			{
				method: 'POST',
				path: '/v1/workflow',
				fields: [
					{ name: 'name', value: 'Text to Image' },
					{ name: '$prompt', value: 'a barn' },
					{ name: '#sampler', value: 'euler_ancestral' },
					{ name: '$negative_prompt', value: 'blurry, low quality' },
				],
				files: [
					{ fieldName: 'workflow_json', fileName: 'workflow.json', mimeType: 'application/json' },
					{ fieldName: '$input_image', fileName: 'barn.png', mimeType: 'image/png' },
				],
				status: 201,
			},
		]);
		const [json, photo] = at.sandbox.requests[1].files;
		const template = at.sandbox.templates.find(({ id }) => id === SEEDS.templates.textToImage);
		expect([json.content.toString(), photo.content]).toEqual([template?.body.text, PICTURE]);
	});

	it('hands on the answer untouched', async () => {
		const { outputs } = await at.run(VIDEO);
		expect(outputs[0]).toEqual([
			{
				json: {
					id: at.sandbox.requests[1].workflowId,
					name: 'Short Video',
					status: 'accepted',
					tags: [],
					created_at: expect.any(String),
					updated_at: expect.any(String),
					started_at: null,
					completed_at: null,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('takes another name, and tags', async () => {
		const options = { name: '={{ $json.title }}', tags: ['video,gpu-a100', ' video '] };
		await at.run({ ...VIDEO, options }, { items: rows({ title: 'Barn' }, {}) });
		expect(sentBy(at.sandbox, 'POST').map(({ fields }) => fields.slice(0, 2))).toEqual(
			expect.arrayContaining(
				['Barn', 'Short Video'].map((name) => [
					{ name: 'name', value: name },
					{ name: 'tags', value: 'video,gpu-a100' },
				]),
			),
		);
	});

	it('reads a template once, however many items it has', async () => {
		const ids = [SEEDS.templates.video, SEEDS.templates.video, ` ${SEEDS.templates.video}`];
		const { outputs } = await at.run(runOf('={{ $json.id }}'), {
			items: rows(...ids.map((id) => ({ id }))),
		});
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		expect(sentBy(at.sandbox, 'GET')).toHaveLength(1);
		expect(sentBy(at.sandbox, 'POST')).toHaveLength(3);
	});

	it('waits for its files', async () => {
		const options = { outputMode: 'workflow' };
		const { outputs } = await at.run({ ...VIDEO, waitForCompletion: true, options });
		expect(outputs[0]).toMatchObject([
			{
				json: {
					name: 'Short Video',
					status: 'completed',
					outputs: [{ mimeType: 'video/mp4', fileSize: expect.any(Number) }],
				},
				binary: { data: { mimeType: 'video/mp4' } },
				pairedItem: { item: 0 },
			},
		]);
		expect(at.sandbox.downloads).toHaveLength(1);
	});

	describe('with the template’s form', () => {
		const filled = async (form: Partial<ResourceMapperValue>): Promise<INodeParameters> => {
			const credentials = { apiToken: at.sandbox.token, baseUrl: at.sandbox.apiUrl };
			const { fields } = await templateForm.call(editorContext({ parameters: VIDEO, credentials }));
			at.sandbox.reset();
			const parameterForm = { value: null, schema: fields, ...form };
			return { ...VIDEO, specifyParameters: 'form', parameterForm: parameterForm as never };
		};

		it('sends what was filled in', async () => {
			const value = { '$text(prompt)': '={{ $json.words }}', '#choice(frames)': '121' };
			const parameters = await filled({ mappingMode: 'defineBelow', value });
			await at.run(parameters, { items: rows({ words: 'a barn\nat night' }) });
			expect(sentBy(at.sandbox, 'POST')[0].fields).toEqual([
				{ name: 'name', value: 'Short Video' },
				{ name: '$prompt', value: 'a barn\nat night' },
				{ name: '#frames', value: '121' },
				{ name: '#resolution', value: '480p' },
				{ name: '#aspect_ratio', value: '16:9' },
				{ name: '#sampler', value: 'uni_pc' },
			]);
		});

		it('maps incoming fields of the same names, with one read for all items', async () => {
			const parameters = await filled({ mappingMode: 'autoMapInputData' });
			await at.run(parameters, {
				items: rows({ prompt: 'one', frames: '121', row: 1 }, { prompt: 'two', frames: '' }),
			});
			expect(sentBy(at.sandbox, 'GET')).toHaveLength(1);
			const byPrompt = sentBy(at.sandbox, 'POST').map(({ fields }) =>
				Object.fromEntries(fields.map(({ name, value }) => [name, value])),
			);
			expect(byPrompt).toEqual(
				expect.arrayContaining([
					expect.objectContaining({ $prompt: 'one', '#frames': '121' }),
					expect.objectContaining({ $prompt: 'two', '#frames': '49' }),
				]),
			);
		});
	});

	it.each<[string, INodeParameters, string]>([
		['a missing text', { parameters: {} }, "The text parameter 'prompt' has no value"],
		[
			'a parameter that it does not have',
			{ parameters: { text: [PROMPT, { name: 'promt', value: 'x' }] } },
			"The workflow has no parameter 'promt': did you mean 'prompt'?",
		],
		[
			'a choice that it does not offer',
			{ parameters: { text: [PROMPT], choice: [{ name: 'resolution', value: '1080p' }] } },
			"'1080p' is not an option of 'resolution'",
		],
		['a long name', { options: { name: 'x'.repeat(201) } }, "'Name' has 201 characters"],
		[
			'a tag without a value',
			{ options: { tags: ['={{ $json.nothing }}'] } },
			"'Tags' holds a tag without a value",
		],
	])('starts nothing with %s', async (_what, more, message) => {
		const { error } = await at.run({ ...VIDEO, ...more });
		expect(error.message).toBe(message);
		expect(error.description).toContain('Nothing was sent.');
		expect(sentBy(at.sandbox, 'POST')).toEqual([]);
	});

	it('starts nothing from a template that is no workflow', async () => {
		const body = { id: SEEDS.templates.video, name: 'x', body: { nodes: [], links: [] } };
		at.sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 200, body });
		const { error } = await at.run(VIDEO);
		expect(error.message).toBe("The workflow JSON is in the format of ComfyUI's editor");
		expect(sentBy(at.sandbox, 'POST')).toEqual([]);
	});

	it('starts nothing when one of the templates is missing, or the others when the node goes on', async () => {
		const items = rows({ id: SEEDS.templates.video }, { id: MISSING_ID });
		const parameters = runOf('={{ $json.id }}');
		const { error } = await at.run(parameters, { items });
		expect(error.message).toBe(`ComfyControl has no template ${MISSING_ID}`);
		expect(sentBy(at.sandbox, 'POST')).toEqual([]);

		const { outputs } = await at.run(parameters, { items, settings: ERROR_OUTPUT });
		expect(outputs.map((all) => all.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 0 }],
			[{ item: 1 }],
		]);
	});

	it.each([
		[400, 'No runner available with matching tags', { runnerAvailable: false }, 'active runner'],
		[403, 'Workflow parameter limit exceeded for your tier', { parameterLimit: 4 }, 'your plan'],
	] as const)('explains a refusal (%d): %s', async (status, message, switches, advice) => {
		const { error } = await runApart({ switches }, VIDEO);
		expect(error).toMatchObject({
			httpCode: String(status),
			message,
			description: expect.stringContaining(advice),
		});
	});

	it('reads the template again after trouble at ComfyControl (500), not the start', async () => {
		at.sandbox.failNext({ on: { method: 'GET' }, ...refusal(500, 'internal server error') });
		const { run } = await at.run(VIDEO);
		expect(run.status).toBe('success');
		expect(at.sandbox.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
	});

	itExplainsWrongIds(at, runOf, 'template', othersTemplateId);
	itExplainsCommonErrors(at, VIDEO, 'POST');
});

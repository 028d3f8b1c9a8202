import type { INodeParameters } from 'n8n-workflow';

import { definitionForm } from '../../../../../nodes/ComfyControl/methods/resourceMapping';
import { BinaryStore, editorContext, inlineFile } from '../../../../support/engine';
import { SOURCES, TEXT, WRONG_SOURCES } from '../../../../support/definitionSources';
import {
	ERROR_OUTPUT,
	itExplainsCommonErrors,
	refusal,
	rows,
	runApart,
	sentBy,
	stage,
} from '../../../../support/stage';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');
const FLOW = JSON.stringify({
	'1': { class_type: 'LoadImage', inputs: { image: '$file(photo)' } },
	'2': { class_type: 'CLIPTextEncode', inputs: { text: '$text(prompt)' } },
	'3': { class_type: 'CLIPTextEncode', inputs: { text: '$text(negative, blurry, dull)' } },
	'4': { class_type: 'KSampler', inputs: { sampler_name: '$choice(sampler, euler, dpm_2)' } },
	'5': { class_type: 'SaveImage', inputs: { images: ['4', 0], filename_prefix: '$timestamp()' } },
});
const PROMPT = { name: 'prompt', value: 'a barn' };
const PHOTO = { name: 'photo', binaryPropertyName: 'data' };
const WITH_PHOTO = { json: {}, binary: { data: inlineFile(PICTURE, { fileName: 'barn.png' }) } };

const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'workflow',
	operation: 'create',
	name: 'Barn',
	workflowJson: TEXT,
	...more,
});
const createFlow = (parameters: INodeParameters, more: INodeParameters = {}): INodeParameters =>
	create({ workflowJson: FLOW, parameters, ...more });

describe('creating a workflow', () => {
	const at = stage();
	const store = new BinaryStore();
	beforeAll(async () => await store.open());
	afterAll(async () => await store.close());

	it('sends its name, its tags, its JSON and all parameters', async () => {
		const parameters = {
			text: [PROMPT, { name: 'negative', value: '' }],
			file: [PHOTO],
			choice: [{ name: 'sampler', value: 'dpm_2' }],
		};
		const options = { tags: ['gpu-a100, video', 'video'] };
		await at.run(createFlow(parameters, { options }), { items: [WITH_PHOTO] });
		expect(at.sandbox.requests).toMatchObject([
			{
				method: 'POST',
				path: '/v1/workflow',
				fields: [
					{ name: 'name', value: 'Barn' },
					{ name: 'tags', value: 'gpu-a100,video' },
					{ name: '$prompt', value: 'a barn' },
					{ name: '$negative', value: '' },
					{ name: '#sampler', value: 'dpm_2' },
				],
				files: [
					{ fieldName: 'workflow_json', fileName: 'workflow.json', mimeType: 'application/json' },
					{ fieldName: '$photo', fileName: 'barn.png', mimeType: 'image/png' },
				],
				status: 201,
			},
		]);
		const [json, photo] = at.sandbox.requests[0].files;
		expect([json.content.toString(), photo.content]).toEqual([FLOW, PICTURE]);
	});

	it('hands on the answer untouched', async () => {
		const { outputs } = await at.run(create());
		expect(outputs[0]).toEqual([
			{
				json: {
					id: at.sandbox.requests[0].workflowId,
					name: 'Barn',
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

	it.each(SOURCES)('takes its JSON from $what', async ({ parameters, item, sent }) => {
		const { run } = await at.run(create({ workflowJson: '', ...parameters }), { items: [item] });
		expect(run.status).toBe('success');
		expect(at.sandbox.requests[0].files[0].content.toString()).toBe(sent);
	});

	it('takes its JSON from n8n’s binary store', async () => {
		const data = await store.store(Buffer.from(TEXT), { fileName: 'flow.json' });
		const parameters = create({ workflowSource: 'binary' });
		await at.run(parameters, { items: [{ json: {}, binary: { data } }] });
		expect(at.sandbox.requests[0].files[0].content.toString()).toBe(TEXT);
	});

	it('fills in the defaults of what was not entered', async () => {
		const parameters = { text: [PROMPT], file: [PHOTO] };
		const switches = { omittedOnCreate: 'refused' } as const;
		const { run, sandbox } = await runApart({ switches }, createFlow(parameters), {
			items: [WITH_PHOTO],
		});
		expect(run.status).toBe('success');
		expect(sandbox.requests[0].fields.slice(1)).toEqual([
			{ name: '$prompt', value: 'a barn' },
			{ name: '$negative', value: 'blurry, dull' },
			{ name: '#sampler', value: 'euler' },
		]);
	});

	it('maps incoming fields of the same names, and fills in the rest', async () => {
		const shown = create({ workflowJson: FLOW });
		const credentials = { apiToken: at.sandbox.token, baseUrl: at.sandbox.apiUrl };
		const { fields } = await definitionForm.call(editorContext({ parameters: shown, credentials }));
		expect(fields.map(({ id }) => id)).toEqual([
			'$text(prompt)',
			'$text(negative)',
			'$file(photo)',
			'#choice(sampler)',
		]);
		const parameterForm = { mappingMode: 'autoMapInputData', value: null, schema: [] };
		await at.run(
			{ ...shown, specifyParameters: 'form', parameterForm },
			{
				items: [
					{
						json: { prompt: 'one', sampler: 'dpm_2', row: 1 },
						binary: { photo: inlineFile(PICTURE) },
					},
				],
			},
		);
		expect(at.sandbox.requests[0].fields.slice(1)).toEqual([
			{ name: '$prompt', value: 'one' },
			{ name: '#sampler', value: 'dpm_2' },
			{ name: '$negative', value: 'blurry, dull' },
		]);
		expect(at.sandbox.requests[0].files).toMatchObject([{}, { fieldName: '$photo' }]);
	});

	it('starts one for each item, in their order', async () => {
		const parameters = create({
			name: '={{ "Barn " + $itemIndex }}',
			parameters: { text: [{ name: 'prompt', value: '={{ $json.prompt }}' }] },
		});
		const { outputs } = await at.run(parameters, {
			items: rows({ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }),
		});
		expect(outputs[0].map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual(
			[0, 1, 2].map((item) => [`Barn ${item}`, { item }]),
		);
		expect(new Set(at.sandbox.requests.map(({ fields }) => fields[1].value))).toEqual(
			new Set(['a', 'b', 'c']),
		);
	});

	it('takes a 200 for success too', async () => {
		const { run } = await runApart({ switches: { createStatus: 200 } }, create());
		expect(run.status).toBe('success');
	});

	it('waits for its files', async () => {
		const parameters = createFlow(
			{ text: [PROMPT], file: [PHOTO] },
			{ waitForCompletion: true, options: { outputBinaryPropertyName: 'picture' } },
		);
		const { outputs } = await at.run(parameters, { items: [WITH_PHOTO] });
		expect(outputs[0]).toMatchObject([
			{
				json: { name: 'Barn', status: 'completed', outputs: [{ mimeType: 'image/png' }] },
				binary: { picture: { mimeType: 'image/png' } },
				pairedItem: { item: 0 },
			},
		]);
		expect(at.sandbox.downloads).toHaveLength(1);
	});
});

describe('before anything is sent, creating a workflow refuses', () => {
	const at = stage();

	it.each(WRONG_SOURCES)('$what', async ({ parameters, item, message }) => {
		const { error } = await at.run(create({ workflowJson: '', ...parameters }), { items: [item] });
		expect(error.message).toMatch(message);
		expect(error.description).toContain('Nothing was sent.');
		expect(at.sandbox.requests).toEqual([]);
	});

	it.each<[string, INodeParameters, string]>([
		['no name', { name: '={{ $json.nothing }}' }, "'Name' is empty"],
		['a long name', { name: 'x'.repeat(201) }, "'Name' has 201 characters"],
		[
			'a tag without a value',
			{ options: { tags: ['={{ $json.nothing }}'] } },
			"'Tags' holds a tag without a value",
		],
		['a missing file', { workflowJson: FLOW }, "The file parameter 'photo' has no value"],
		[
			'a missing text',
			{ workflowJson: FLOW, parameters: { file: [PHOTO] } },
			"The text parameter 'prompt' has no value",
		],
		[
			'a parameter that it does not have',
			{ parameters: { text: [{ name: 'promt', value: 'x' }] } },
			"The workflow has no parameter 'promt': did you mean 'prompt'?",
		],
		[
			'a choice that it does not offer',
			{ workflowJson: FLOW, parameters: { choice: [{ name: 'sampler', value: 'dpm2' }] } },
			"'dpm2' is not an option of 'sampler': did you mean 'dpm_2'?",
		],
		[
			'a timeout that is none',
			{ waitForCompletion: true, options: { timeout: '={{ 0 }}' } },
			"'Timeout (Seconds)' is not a number above 0",
		],
	])('%s', async (_what, more, message) => {
		const { error } = await at.run(create(more), { items: [WITH_PHOTO] });
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(at.sandbox.requests).toEqual([]);
	});

	it('all items when one is wrong, and that one alone when the node goes on', async () => {
		const parameters = create({ name: '={{ $json.name }}' });
		const items = rows({ name: 'a' }, {}, { name: 'c' }, {});
		const { error } = await at.run(parameters, { items });
		expect(error.description).toContain("Other items can't be sent either: 3.");
		expect(at.sandbox.requests).toEqual([]);

		const { outputs } = await at.run(parameters, { items, settings: ERROR_OUTPUT });
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(outputs[1].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 3 }]);
		expect(at.sandbox.requests).toHaveLength(2);
	});

	it('takes as much as is allowed', async () => {
		const { run } = await at.run(create({ name: '🏚'.repeat(200) }));
		expect(run.status).toBe('success');
	});
});

describe('creating a workflow explains', () => {
	const at = stage();

	it.each([
		[400, 'No runner available with matching tags', { runnerAvailable: false }, 'active runner'],
		[403, 'Workflow parameter limit exceeded for your tier', { parameterLimit: 0 }, 'your plan'],
	] as const)('a refusal (%d): %s', async (status, message, switches, advice) => {
		const { error, sandbox } = await runApart({ switches }, create());
		expect(error).toMatchObject({
			httpCode: String(status),
			message,
			description: expect.stringContaining(advice),
		});
		expect(sandbox.requests).toHaveLength(1);
	});

	it.each([
		[400, 'Workflow parameter validation failed', 'Compare the names, kinds and values'],
		[400, 'File size exceeds 50MB limit', '50 MB in all'],
		[403, 'Workflow limit exceeded', 'your plan'],
	])('a refusal (%d): %s', async (status, message, advice) => {
		at.sandbox.failNext({ on: {}, ...refusal(status, message) });
		const { error } = await at.run(create());
		expect(error).toMatchObject({ message, description: expect.stringContaining(advice) });
	});

	it('a workflow that ComfyUI turns down', async () => {
		at.sandbox.failJobs({ status: 'invalid', exception_message: 'Prompt has no outputs' });
		const { error } = await at.run(create({ waitForCompletion: true }));
		expect(error.message).toBe('ComfyUI did not accept the workflow: Prompt has no outputs');
		expect(error.description).toContain(at.sandbox.workflows.at(-1)?.id);
	});

	it('what may run although its answer got lost, also when it is tried again', async () => {
		at.sandbox.failNext({ on: { method: 'POST' }, kind: 'resetAfter' });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { error } = await at.run(create(), { settings });
		expect(error.description).toContain('may have been started all the same');
		expect(sentBy(at.sandbox, 'POST')).toHaveLength(1);
	});

	itExplainsCommonErrors(at, create(), 'POST');

	it('sends nothing of a workflow file that is larger than a request may be', async () => {
		const flow = inlineFile(Buffer.alloc(51 * 1024 * 1024, ' '), { fileName: 'flow.json' });
		const { error } = await at.run(
			create({ workflowSource: 'binary', workflowBinaryPropertyName: 'flow' }),
			{ items: [{ json: {}, binary: { flow } }] },
		);
		expect(error.message).toContain("larger than ComfyControl's limit of 50.0 MB");
		expect(at.sandbox.requests).toEqual([]);
	});
});

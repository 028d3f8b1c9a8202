import type { INodeParameters } from 'n8n-workflow';

import { inlineFile } from '../../../../support/engine';
import { rerunParameters } from '../../../../support/rerun';
import { byId, rows, SEEDS, sentBy, stage } from '../../../../support/stage';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');
const FLOW = {
	'1': { class_type: 'LoadImage', inputs: { image: '$file(input_image)' } },
	'2': { class_type: 'CLIPTextEncode', inputs: { text: '$text(prompt)' } },
	'3': { class_type: 'KSampler', inputs: { sampler_name: '$choice(sampler, euler, dpm_2)' } },
};

const at = stage();

const inJson = (parametersJson: string): INodeParameters => ({
	...rerunParameters(SEEDS.textToImage),
	specifyParameters: 'json',
	parametersJson,
});
const sent = () => sentBy(at.sandbox, 'POST');

describe('parameters as JSON', () => {
	const everyWay: Array<[string, INodeParameters]> = [
		['a rerun', rerunParameters(SEEDS.textToImage)],
		[
			'a new workflow',
			{
				resource: 'workflow',
				operation: 'create',
				name: 'Barn',
				workflowJson: JSON.stringify(FLOW),
			},
		],
		[
			'a template',
			{ resource: 'template', operation: 'run', templateId: byId(SEEDS.templates.textToImage) },
		],
	];
	it.each(everyWay)('start %s with texts, files and choices', async (_what, operation) => {
		const parametersJson = '{ "prompt": "a barn", "input_image": "data", "sampler": "dpm_2" }';
		await at.run(
			{ ...operation, specifyParameters: 'json', parametersJson },
			{ items: [{ json: {}, binary: { data: inlineFile(PICTURE) } }] },
		);
		const [{ fields, files }] = sent();
		expect(fields).toEqual(
			expect.arrayContaining([
				{ name: '$prompt', value: 'a barn' },
				{ name: '#sampler', value: 'dpm_2' },
			]),
		);
		expect(files.at(-1)).toMatchObject({ fieldName: '$input_image', content: PICTURE });
	});

	it('come from an expression that gives an object, for each item', async () => {
		await at.run(inJson('={{ $json.body }}'), {
			items: rows({ body: { prompt: 'a "red"\nbarn' } }, { body: { Sampler: 'ddim' } }),
		});
		expect(sent().map(({ fields }) => fields)).toEqual([
			[{ name: '$prompt', value: 'a "red"\nbarn' }],
			[{ name: '#sampler', value: 'ddim' }],
		]);
	});

	it('come from expressions inside the JSON', async () => {
		const items = rows({ words: 'a barn', steps: 'ddim' });
		await at.run(
			inJson('={ "prompt": {{ JSON.stringify($json.words) }}, "sampler": "{{ $json.steps }}" }'),
			{ items },
		);
		expect(sent()[0].fields).toEqual([
			{ name: '#sampler', value: 'ddim' },
			{ name: '$prompt', value: 'a barn' },
		]);
	});

	it('go by their prefix while the workflow can’t be read', async () => {
		at.sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 403 });
		await at.run(inJson('{ "prompt": "a barn", "#sampler": "ddim" }'));
		expect(sent()[0].fields).toEqual([
			{ name: '$prompt', value: 'a barn' },
			{ name: '#sampler', value: 'ddim' },
		]);
	});

	it('ask for the workflow once, however many items there are', async () => {
		await at.run(inJson('={{ { prompt: $itemIndex } }}'), { items: rows({}, {}, {}, {}) });
		expect(at.sandbox.requests.map(({ method }) => method)).toEqual([
			'GET',
			...new Array<string>(4).fill('POST'),
		]);
	});

	it.each(['', '{}', '={{ {} }}'])('may be none: %j', async (parametersJson) => {
		const { run } = await at.run(inJson(parametersJson));
		expect(run.status).toBe('success');
		expect(at.sandbox.requests).toMatchObject([{ method: 'POST', fields: [], files: [] }]);
	});

	it.each([
		['an unknown name', '{ "promt": "a" }', "no parameter 'promt': did you mean 'prompt'?"],
		['a wrong choice', '{ "sampler": "dpm2" }', "'dpm2' is not an option of 'sampler'"],
		['a wrong kind', '{ "#prompt": "a" }', "'prompt' is a text parameter of the workflow, but a"],
		['a nested value', '{ "prompt": { "en": "a" } }', "text parameter 'prompt' is an object"],
		['a list', '[{ "prompt": "a" }]', 'The JSON of the parameters is a list, not an object'],
		['no JSON', '={ "prompt": "{{ "a\\nb" }}" }', "The JSON of the parameters can't be read: "],
		['nothing', '={{ $json.body }}', "expression of 'Parameters' gives nothing for this item"],
		['a missing file', '{ "input_image": "data" }', "The item has no binary field 'data'"],
	])('are refused before anything is sent: %s', async (_what, parametersJson, message) => {
		const { error } = await at.run(inJson(parametersJson));
		expect(error.message).toContain(message);
		expect(error.description).toContain('Nothing was sent.');
		expect(error.context.itemIndex).toBe(0);
		expect(sent()).toEqual([]);
	});
});

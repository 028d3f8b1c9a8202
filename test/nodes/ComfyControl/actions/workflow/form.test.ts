import type { INodeExecutionData, INodeParameters, ResourceMapperValue } from 'n8n-workflow';

import { workflowForm } from '../../../../../nodes/ComfyControl/methods/resourceMapping';
import { literal } from '../../../../../nodes/ComfyControl/parameters/literal';
import { startSandbox, type Sandbox } from '../../../../sandbox';
import { editorContext, inlineFile, runNode } from '../../../../support/engine';
import { rerunParameters } from '../../../../support/rerun';

const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(async () => await sandbox.stop());

const credentials = () => ({ apiToken: sandbox.token, baseUrl: sandbox.apiUrl });

function sent() {
	return sandbox.requests.filter(({ method }) => method === 'POST');
}

/** The form as n8n's editor saves it when its fields are filled like this. */
async function formParameters(
	originalId: string,
	filled: Partial<ResourceMapperValue>,
): Promise<INodeParameters> {
	const parameters = rerunParameters(originalId);
	const { fields } = await workflowForm.call(
		editorContext({ parameters, credentials: credentials() }),
	);
	sandbox.reset();
	const form = {
		mappingMode: 'defineBelow',
		value: null,
		matchingColumns: [],
		schema: fields,
		attemptToConvertTypes: false,
		convertFieldsToString: false,
		...filled,
	};
	return { ...parameters, specifyParameters: 'form', parameterForm: form as never };
}

async function run(parameters: INodeParameters, items: INodeExecutionData[] = [{ json: {} }]) {
	return await runNode({ parameters, items, credentials: credentials() });
}

describe('with the workflow’s form', () => {
	it('a rerun sends the fields that were kept, and no others', async () => {
		const value = {
			'$text(prompt)': '={{ $json.words }}',
			'#choice(sampler)': 'ddim',
			'$file(input_image)': 'photo',
		};
		const parameters = await formParameters(sandbox.seeds.textToImage, { value });
		const { outputs } = await run(parameters, [
			{ json: { words: 'a barn\nat night' }, binary: { photo: inlineFile(PICTURE) } },
		]);
		expect(outputs[0]).toHaveLength(1);
		expect(sent()).toMatchObject([
			{
				fields: [
					{ name: '$prompt', value: 'a barn\nat night' },
					{ name: '#sampler', value: 'ddim' },
				],
				files: [{ fieldName: '$input_image' }],
			},
		]);
	});

	it.each(['={{ $workflow.name }}', '=^.^= a cat', '={{ "}}" }}\\{{ 1 }}\n='])(
		'a rerun sends a foreign last value as the very text: %j',
		async (prompt) => {
			const parameters = rerunParameters(sandbox.seeds.textToImage);
			const before = {
				...parameters,
				parameters: { text: [{ name: 'prompt', value: literal(prompt) }] },
			};
			const { outputs } = await run(before);
			const [[{ json }]] = outputs;
			const { fields } = await workflowForm.call(
				editorContext({
					parameters: rerunParameters(String(json.id)),
					credentials: credentials(),
				}),
			);
			const { defaultValue } = fields.find(({ id }) => id === '$text(prompt)') ?? {};
			const value = { '$text(prompt)': String(defaultValue) };
			await run(await formParameters(sandbox.seeds.textToImage, { value }));
			expect(sent()).toMatchObject([{ fields: [{ name: '$prompt', value: prompt }] }]);
		},
	);

	it('a rerun may keep nothing at all', async () => {
		const parameters = await formParameters(sandbox.seeds.textToImage, { value: null });
		await run(parameters);
		expect(sent()).toMatchObject([{ fields: [], files: [] }]);
	});

	it('a number from an expression is sent as text', async () => {
		const value = { '$text(prompt)': '={{ 12.5 }}' };
		await run(await formParameters(sandbox.seeds.textToImage, { value }));
		expect(sent()[0].fields).toEqual([{ name: '$prompt', value: '12.5' }]);
	});

	it('an expression that gives nothing is an error before anything is sent', async () => {
		const value = { '$text(prompt)': '={{ $json.nothing }}' };
		const { error } = await run(await formParameters(sandbox.seeds.textToImage, { value }));
		expect(error.message).toBe("The text parameter 'prompt' has no value");
		expect(sandbox.requests).toEqual([]);
	});

	it('incoming fields of the same names fill it by themselves', async () => {
		const parameters = await formParameters(sandbox.seeds.textToImage, {
			mappingMode: 'autoMapInputData',
		});
		const rows = [
			{ json: { prompt: 'one', sampler: 'ddim', row: 1 } },
			{ json: { prompt: 'two', sampler: '', row: 2 } },
			{ json: { prompt: 'three', row: 3 }, binary: { input_image: inlineFile(PICTURE) } },
		];
		await run(parameters, rows);
		expect(sent().map(({ fields }) => fields)).toEqual([
			[
				{ name: '#sampler', value: 'ddim' },
				{ name: '$prompt', value: 'one' },
			],
			[{ name: '$prompt', value: 'two' }],
			[{ name: '$prompt', value: 'three' }],
		]);
		expect(sent().map(({ files }) => files.length)).toEqual([0, 0, 1]);
		expect(sandbox.requests).toHaveLength(4);
	});

	it.each([
		[
			{ prompt: 'one', row: 1, extra: 2 },
			["Not sent, as the workflow has no parameters of these names: 'row', 'extra'"],
		],
		[{ prompt: 'one' }, []],
	])('incoming fields that are left over are told: %j', async (json, told) => {
		const parameters = await formParameters(sandbox.seeds.textToImage, {
			mappingMode: 'autoMapInputData',
		});
		const { hints } = await run(parameters, [{ json }]);
		expect(hints.map(({ message }) => message)).toEqual(
			told.map((message) => expect.stringContaining(message)),
		);
	});

	it('incoming fields fill it even while the workflow can’t be read', async () => {
		const parameters = await formParameters(sandbox.seeds.textToImage, {
			mappingMode: 'autoMapInputData',
		});
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 500 });
		await run(parameters, [{ json: { prompt: 'one' } }]);
		expect(sent()[0].fields).toEqual([{ name: '$prompt', value: 'one' }]);
	});

	it('nothing is mapped blindly', async () => {
		const parameters = await formParameters(sandbox.seeds.textToImage, {
			mappingMode: 'autoMapInputData',
			schema: [],
		});
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 500 });
		const { error } = await run(parameters, [{ json: { prompt: 'one' } }]);
		expect(error.message).toContain("parameters can't be read, so nothing can be mapped");
		expect(sent()).toEqual([]);
	});
});

describe('checked against the workflow', () => {
	const rerun = (parameters: INodeParameters, options: INodeParameters = {}) => ({
		...rerunParameters(sandbox.seeds.textToImage, parameters),
		options,
	});
	const misspelt = { text: [{ name: 'promt', value: 'a barn' }] };

	it.each([
		[
			'a misspelt name',
			misspelt,
			"The workflow has no parameter 'promt': did you mean 'prompt'?",
			"It takes 'sampler' (choice), 'prompt' (text)",
		],
		[
			'a choice that is none',
			{ choice: [{ name: 'sampler', value: 'dpm2' }] },
			"'dpm2' is not an option of 'sampler': did you mean 'dpm_2'?",
			"offers 'euler_ancestral', 'euler', 'dpm_2', 'ddim'",
		],
		[
			'a file for a text',
			{ file: [{ name: 'prompt', binaryPropertyName: 'data' }] },
			"'prompt' is a text parameter of the workflow, but a file was entered for it",
			'enter it as a text parameter',
		],
	])('%s is explained, and nothing is sent', async (_, entered, message, description) => {
		const { error } = await run(rerun(entered), [
			{ json: {}, binary: { data: inlineFile(PICTURE) } },
		]);
		expect(error.message).toBe(message);
		expect(error.description).toContain(description);
		expect(error.description).toContain('Nothing was sent.');
		expect(error.context.itemIndex).toBe(0);
		expect(sent()).toEqual([]);
	});

	it('one bad row of three stops none of the others when the node goes on', async () => {
		const parameters = rerun({ choice: [{ name: 'sampler', value: '={{ $json.sampler }}' }] });
		const { outputs } = await runNode({
			parameters,
			items: ['ddim', 'dimm', 'euler'].map((sampler) => ({ json: { sampler } })),
			credentials: credentials(),
			settings: { onError: 'continueErrorOutput' },
		});
		expect(outputs[0]).toHaveLength(2);
		expect(outputs[1]).toMatchObject([{ json: { sampler: 'dimm' }, pairedItem: { item: 1 } }]);
	});

	it('a workflow is read once, however many items it has', async () => {
		const text = [{ name: 'prompt', value: '={{ $itemIndex }}' }];
		await run(rerun({ text }), [{ json: {} }, { json: {} }, { json: {} }]);
		expect(sandbox.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST', 'POST']);
	});

	it('a workflow without parameters to check is not read', async () => {
		await run(rerun({}));
		expect(sandbox.requests.map(({ method }) => method)).toEqual(['POST']);
	});

	it('what can’t be read is not checked', async () => {
		sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 503 });
		const { error } = await run(rerun(misspelt));
		expect(sent()).toHaveLength(1);
		expect(error.message).not.toContain('did you mean');
	});

	it('it can be switched off', async () => {
		await run(rerun(misspelt, { checkParameters: false }));
		expect(sandbox.requests.map(({ method }) => method)).toEqual(['POST']);
	});
});

import {
	formFields,
	parametersOfSchema,
	readColumns,
	readForm,
} from '../../../../nodes/ComfyControl/parameters/form';
import {
	workflowParameters,
	type WorkflowParameter,
} from '../../../../nodes/ComfyControl/parameters/workflowParameters';

const parameters: WorkflowParameter[] = [
	{ kind: 'text', name: 'prompt', lastValue: 'a lighthouse' },
	{ kind: 'text', name: 'steps' },
	{ kind: 'choice', name: 'sampler', options: ['euler', 'dpm_2'], lastValue: 'dpm_2' },
	{ kind: 'choice', name: 'model', lastValue: 'old' },
	{ kind: 'file', name: 'input_image', lastValue: 'sketch.png' },
];

describe('formFields', () => {
	it('has a typed field for each parameter, with its last value', () => {
		expect(
			formFields(parameters).map(({ id, displayName, type, options, defaultValue }) => [
				id,
				displayName,
				type,
				options?.map(({ value }) => value),
				defaultValue,
			]),
		).toEqual([
			['$text(prompt)', 'prompt', 'string', undefined, 'a lighthouse'],
			['$text(steps)', 'steps', 'string', undefined, undefined],
			['$file(input_image)', 'input_image (field or URL)', 'string', undefined, undefined],
			['#choice(sampler)', 'sampler', 'options', ['euler', 'dpm_2'], 'dpm_2'],
			['#choice(model)', 'model', 'string', undefined, 'old'],
		]);
	});

	it('takes the first choice when the last one is no longer offered', () => {
		const [field] = formFields([
			{ kind: 'choice', name: 'sampler', options: ['euler'], lastValue: 'gone' },
		]);
		expect(field.defaultValue).toBe('euler');
	});

	it('keeps a foreign text from being run as an expression', () => {
		const fields = formFields([
			{ kind: 'text', name: 'prompt', lastValue: '={{ $workflow.name }}' },
			{ kind: 'choice', name: 'sign', options: ['=', '+'], lastValue: '=' },
			{ kind: 'choice', name: 'other', options: ['=a', '+'] },
		]);
		expect(fields.map(({ type, options, defaultValue }) => [type, options, defaultValue])).toEqual([
			['string', undefined, '={{ "=\\u007b\\u007b $workflow.name \\u007d\\u007d" }}'],
			['string', undefined, '=='],
			['string', undefined, '==a'],
		]);
	});

	it('is read back without asking the API', () => {
		expect(parametersOfSchema(formFields(parameters))).toEqual(
			expect.arrayContaining(parameters.map(({ kind, name }) => ({ kind, name }))),
		);
		expect(parametersOfSchema(null)).toEqual([]);
		expect(parametersOfSchema([null, { id: 7 }, { id: 'other' }])).toEqual([]);
	});
});

describe('readForm', () => {
	it('sends what is filled, an empty text too', () => {
		const entered = {
			'$text(prompt)': '',
			'$text(steps)': 20,
			'#choice(sampler)': 'euler',
			'$file(input_image)': 'data',
		};
		expect(readForm(entered, entered)).toEqual({
			value: [
				{ kind: 'text', name: 'prompt', value: '' },
				{ kind: 'text', name: 'steps', value: '20' },
				{ kind: 'choice', name: 'sampler', value: 'euler' },
				{ kind: 'file', name: 'input_image', input: 'data' },
			],
		});
	});

	it('leaves out what was not filled', () => {
		const entered = { '$text(a)': null, '$text(b)': undefined, '#choice(c)': '', '$file(d)': '' };
		expect(readForm(entered, entered)).toEqual({ value: [] });
		expect(readForm(null, null)).toEqual({ value: [] });
	});

	it('gives the item’s only file to the one empty box, unless another box names it', () => {
		const schema = ['$file(image)', '$file(mask)'].map((id) => ({ id }));
		const read = (image: string | null, files: string[]) =>
			readForm({ '$file(image)': image, '$file(mask)': null }, {}, schema, files);
		const named = { kind: 'file', name: 'image', input: 'data' };
		expect(read('data', ['data'])).toEqual({ value: [named] });
		expect(read('https://example.com/a.png', ['data'])).toMatchObject({
			value: [{ name: 'image' }, { kind: 'file', name: 'mask', input: '' }],
		});
		expect(read(null, ['data'])).toEqual({ value: [] });
	});

	it('refuses an expression that gives nothing', () => {
		const read = readForm({ '$text(a)': undefined }, { '$text(a)': '={{ $json.nothing }}' });
		expect(read).toMatchObject({ problem: { message: "The text parameter 'a' has no value" } });
	});
});

describe('readColumns', () => {
	it('fills parameters from fields of the same names', () => {
		const columns = {
			json: { prompt: 'a barn', steps: 12, sampler: 'euler', model: '', other: 'unused' },
			files: ['input_image'],
		};
		expect(readColumns(parameters, columns)).toHaveProperty('value.parameters', [
			{ kind: 'text', name: 'prompt', value: 'a barn' },
			{ kind: 'text', name: 'steps', value: '12' },
			{ kind: 'choice', name: 'sampler', value: 'euler' },
			{ kind: 'file', name: 'input_image', input: 'input_image' },
		]);
	});

	it('lets a field name the file', () => {
		const columns = { json: { input_image: 'photo', prompt: null }, files: ['photo'] };
		expect(readColumns(parameters, columns)).toHaveProperty('value.parameters', [
			{ kind: 'file', name: 'input_image', input: 'photo' },
		]);
	});

	it('takes no field that the item does not have itself', () => {
		const inherited: WorkflowParameter[] = [{ kind: 'text', name: 'toString' }];
		expect(readColumns(inherited, { json: {}, files: [] })).toHaveProperty('problem');
	});

	it.each(['Prompt', 'prompt ', '$prompt', 'PROMPT', '$text(prompt)'])(
		'takes %j for prompt',
		(column) => {
			expect(readColumns(parameters, { json: { [column]: 'x' }, files: [] })).toHaveProperty(
				'value.parameters',
				[{ kind: 'text', name: 'prompt', value: 'x' }],
			);
		},
	);

	it('uses the item’s only file, and names what is left over but for what n8n has added', () => {
		expect(
			readColumns(parameters, {
				json: { prompt: 'x', row: 1, row_number: 2, submittedAt: 'now', formMode: 'test' },
				files: ['data'],
			}),
		).toMatchObject({
			value: {
				parameters: [{ name: 'prompt' }, { name: 'input_image', input: 'data' }],
				unused: ['row'],
			},
		});
	});

	it.each([{}, { words: 'x' }])('stops at %j, of which nothing fits', (json) => {
		expect(readColumns(parameters, { json, files: [] })).toHaveProperty('problem');
	});

	it.each([
		[{ Prompt: null }, "'Prompt'"],
		[
			{ prompt: null, sampler: '', input_image: null, row: 1 },
			"'prompt', 'sampler', 'input_image'",
		],
	])('stops at %j, of which all that fits is empty', (json, fields) => {
		expect(readColumns(parameters, { json, files: [] })).toMatchObject({
			problem: {
				message: 'Every field of the item that fits a parameter of the workflow is empty',
				description: expect.stringContaining(
					`Empty: ${fields}. Nothing is sent for an empty field`,
				),
			},
		});
	});

	it('says that a column is no text', () => {
		const columns = { json: { prompt: { a: 1 } }, files: [] };
		expect(readColumns(parameters, columns)).toMatchObject({
			problem: { message: "The text parameter 'prompt' is an object, not text" },
		});
	});
});

describe('a form of a workflow in which places of one name have different defaults', () => {
	it('is filled with none of them', () => {
		const values = ['$choice(s, a, b)', '$choice(s, b, a)', '$text(n, 1)', '$text(n, 2)'];
		const definition = { '1': { class_type: 'X', inputs: { values } } };
		const fields = formFields(workflowParameters(definition, undefined).parameters);
		expect(fields.map(({ id, defaultValue }) => [id, defaultValue])).toEqual([
			['$text(n)', undefined],
			['#choice(s)', undefined],
		]);
	});
});

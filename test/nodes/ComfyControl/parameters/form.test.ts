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

	it('takes no box for empty that was removed, and none of another kind', () => {
		const schema = [{ id: '$file(image)', removed: true }, { id: '$text(prompt)' }, null, 'x'];
		expect(readForm({}, {}, schema, ['data'])).toEqual({ value: [] });
		expect(readForm({}, {}, 'no list', ['data'])).toEqual({ value: [] });
		const mask = [...schema, { id: '$file(mask)' }];
		expect(readForm({ '$file(mask)': '' }, {}, mask, ['data'])).toEqual({
			value: [{ kind: 'file', name: 'mask', input: '' }],
		});
	});

	it('takes an empty box for a file only while one is left that no other box names', () => {
		const schema = ['$file(a)', '$file(b)', '$file(c)'].map((id) => ({ id }));
		const entered = { '$file(a)': 'one', '$file(b)': 'two' };
		const named = [
			{ kind: 'file', name: 'a', input: 'one' },
			{ kind: 'file', name: 'b', input: 'two' },
		];
		expect(readForm(entered, {}, schema, ['one', 'two'])).toEqual({ value: named });
		expect(readForm(entered, {}, schema, ['one', 'two', 'three'])).toEqual({
			value: [...named, { kind: 'file', name: 'c', input: '' }],
		});
		expect(readForm({ '$file(a)': 'one' }, {}, schema, ['one', 'two'])).toEqual({
			value: named.slice(0, 1),
		});
	});

	it('refuses what no box can hold, though another box is empty', () => {
		const schema = ['$file(a)', '$text(b)'].map((id) => ({ id }));
		expect(readForm({ '$text(b)': { c: 1 } }, {}, schema, ['data'])).toMatchObject({
			problem: { message: "The text parameter 'b' is an object, not text" },
		});
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

	const image: WorkflowParameter = { kind: 'file', name: 'image' };
	const mask: WorkflowParameter = { kind: 'file', name: 'mask' };
	/** What is sent of an item with such fields. */
	const sentOf = (
		parameters: WorkflowParameter[],
		json: Record<string, unknown>,
		files: string[],
	) => {
		const read = readColumns(parameters, { json, files });
		if ('problem' in read) return read.problem;
		return read.value.parameters.map((one) => [one.name, 'input' in one ? one.input : one.value]);
	};
	const NO_FILE =
		"The input of the file parameter 'image' is neither the name of a binary field nor a URL nor a file";
	// As n8n's form describes an upload in the item's JSON.
	const upload = { filename: 'a.png', mimetype: 'image/png', size: 5 };

	it.each<[string, WorkflowParameter[], Record<string, unknown>, string[], unknown[]]>([
		['a file of its name', [image], {}, ['other', 'Image'], [['image', 'Image']]],
		['its file before its column', [image], { image: 'other' }, ['image'], [['image', 'image']]],
		['the one that is left over', [image, mask], {}, ['mask', 'x'], [['mask', 'mask']]],
		[
			'the only file, where another file parameter has an address',
			[image, mask],
			{ image: 'https://example.com/a.png' },
			['data'],
			[
				['image', 'https://example.com/a.png'],
				['mask', 'data'],
			],
		],
		['no file twice', [image, mask], { image: 'data' }, ['data'], [['image', 'data']]],
		['an upload of n8n’s form', [image], { image: [upload] }, ['image_0'], [['image', 'image_0']]],
		[
			'one upload beside another field’s',
			[image],
			{ image: [upload], x: [upload] },
			['x_0', 'image_12'],
			[['image', 'image_12']],
		],
		['the only file for an upload', [image], { Image: upload }, ['data'], [['image', 'data']]],
		[
			'a text of a file’s name as a text',
			[{ kind: 'text', name: 'a' }],
			{ a: 1 },
			['a'],
			[['a', '1']],
		],
	])('sends %s', (_what, parameters, json, files, sent) => {
		expect(sentOf(parameters, json, files)).toEqual(sent);
	});

	it('does not choose between several uploads of one field', () => {
		expect(sentOf([image], { image: [upload, upload] }, ['image_0', 'image_1', 'image_x'])).toEqual(
			{
				message: "The item has several files for the file parameter 'image'",
				description: expect.stringContaining(
					"They are in the binary fields 'image_0', 'image_1'. Choose 'Map Each Column Manually'",
				),
			},
		);
	});

	it('does not choose between files where none is of the name', () => {
		expect(sentOf([image], { image: upload }, ['a', 'image_0x', 'my_image_0'])).toHaveProperty(
			'message',
			NO_FILE,
		);
		expect(sentOf([image, mask], {}, ['data'])).toHaveProperty(
			'message',
			'No field of the item fits a parameter of the workflow',
		);
		expect(sentOf([image, mask], {}, ['data'])).toHaveProperty(
			'description',
			expect.stringContaining("The item has 'data'."),
		);
	});

	it('says that the file of an upload is not there, whatever else is', () => {
		const prompt: WorkflowParameter = { kind: 'text', name: 'prompt' };
		for (const files of [[], ['data'], ['a', 'b']]) {
			expect(sentOf([prompt, image, mask], { prompt: 'x', image: upload }, files)).toHaveProperty(
				'message',
				NO_FILE,
			);
		}
		expect(sentOf([image], { image: '' }, ['data'])).toEqual([['image', 'data']]);
		expect(sentOf([image], { image: 5 }, ['data'])).toHaveProperty('message', NO_FILE);
	});

	it('does not choose between columns, nor between files', () => {
		const several = /^More than one field of the item could be the parameter/;
		const text: WorkflowParameter = { kind: 'text', name: 'prompt' };
		expect(sentOf([text], { Prompt: 1, PROMPT: 2 }, [])).toMatchObject({
			message: expect.stringMatching(several),
		});
		expect(sentOf([image], {}, ['Image', 'IMAGE'])).toMatchObject({
			message: expect.stringMatching(several),
		});
	});

	it('says that a column is no text', () => {
		const columns = { json: { prompt: { a: 1 } }, files: [] };
		expect(readColumns(parameters, columns)).toMatchObject({
			problem: {
				message: "The text parameter 'prompt' is an object, not text",
				description: expect.stringContaining("The field 'prompt' of the item"),
			},
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

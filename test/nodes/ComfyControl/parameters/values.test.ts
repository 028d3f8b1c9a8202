import fc from 'fast-check';

import { readCollection } from '../../../../nodes/ComfyControl/parameters/values';

const file = { mimeType: 'image/png', data: 'AAAA' };

describe('readCollection', () => {
	it('reads texts, files and choices in the order of the contract', () => {
		const read = readCollection({
			choice: [{ name: 'sampler', value: 'dpm_2' }],
			text: [
				{ name: '$text(prompt)', value: 'a lighthouse' },
				{ name: 'steps', value: 20 },
			],
			file: [{ name: 'input_image', binaryPropertyName: 'my data ' }],
		});
		expect(read).toEqual({
			value: [
				{ kind: 'text', name: 'prompt', value: 'a lighthouse' },
				{ kind: 'text', name: 'steps', value: '20' },
				{ kind: 'file', name: 'input_image', input: 'my data ' },
				{ kind: 'choice', name: 'sampler', value: 'dpm_2' },
			],
		});
	});

	it.each([[{}], [{ text: [] }], [undefined], [null], ['']])(
		'takes %j as no parameters at all',
		(collection) => {
			expect(readCollection(collection)).toEqual({ value: [] });
		},
	);

	it('keeps every character of a text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (value) => {
				expect(readCollection({ text: [{ name: 'prompt', value }] })).toEqual({
					value: [{ kind: 'text', name: 'prompt', value }],
				});
			}),
		);
	});

	it.each([
		[2024, '2024'],
		[0, '0'],
		[1.5, '1.5'],
		[true, 'true'],
		[false, 'false'],
		['', ''],
		['007', '007'],
		[' padded ', ' padded '],
	])('sends the value %j of an expression as %j', (value, sent) => {
		expect(readCollection({ text: [{ name: 'prompt', value }] })).toMatchObject({
			value: [{ value: sent }],
		});
	});

	it.each([564381023945719300, -(2 ** 53), 1e21])('refuses %p, which has lost digits', (value) => {
		expect(readCollection({ text: [{ name: 'seed', value }] })).toMatchObject({
			problem: { message: expect.stringContaining(`has become ${String(value)}`) },
		});
		const text = String(value);
		expect(readCollection({ text: [{ name: 'seed', value: text }] })).toHaveProperty('value');
	});

	it('refuses a text that an object was put into', () => {
		const value = `photo of ${String({})}`;
		expect(readCollection({ text: [{ name: 'prompt', value }] })).toMatchObject({
			problem: { message: "The text parameter 'prompt' has [object Object] in it" },
		});
	});

	it.each([undefined, null])('refuses %s rather than sending an empty text', (value) => {
		expect(readCollection({ text: [{ name: 'prompt', value }] })).toMatchObject({
			problem: { message: "The text parameter 'prompt' has no value" },
		});
	});

	it.each([
		[{ a: 1 }, 'an object'],
		[['a'], 'a list'],
	])('refuses %j as a text', (value, what) => {
		expect(readCollection({ text: [{ name: 'prompt', value }] })).toMatchObject({
			problem: { message: `The text parameter 'prompt' is ${what}, not text` },
		});
	});

	it('refuses an empty choice', () => {
		expect(readCollection({ choice: [{ name: 'sampler', value: '' }] })).toMatchObject({
			problem: { message: "The choice parameter 'sampler' has no value" },
		});
	});

	it('takes a file from an expression, and no name as the only file', () => {
		const read = readCollection({
			file: [
				{ name: 'a', binaryPropertyName: file },
				{ name: 'b', binaryPropertyName: '' },
				{ name: 'c' },
			],
		});
		expect(read).toEqual({
			value: [
				{ kind: 'file', name: 'a', input: file },
				{ kind: 'file', name: 'b', input: '' },
				{ kind: 'file', name: 'c', input: '' },
			],
		});
	});

	it.each([5, true, ['data'], { fileName: 'no type.png' }])('refuses %j as a file', (input) => {
		expect(readCollection({ file: [{ name: 'a', binaryPropertyName: input }] })).toMatchObject({
			problem: { message: expect.stringContaining("the file parameter 'a'") },
		});
	});

	it.each([
		[
			{
				text: [
					{ name: 'a', value: '1' },
					{ name: '$a', value: '2' },
				],
			},
			'$a',
		],
		[
			{ text: [{ name: 'a', value: '1' }], file: [{ name: 'a', binaryPropertyName: 'data' }] },
			'$a',
		],
		[
			{
				choice: [
					{ name: 'a', value: '1' },
					{ name: '#choice(a)', value: '2' },
				],
			},
			'#a',
		],
	])('refuses two entries for one form field: %j', (collection, field) => {
		expect(readCollection(collection)).toMatchObject({
			problem: {
				message: "The parameter 'a' is entered more than once",
				description: expect.stringContaining(`'${field}'`),
			},
		});
	});

	it('takes a text and a choice of the same name: they are different form fields', () => {
		const read = readCollection({
			text: [{ name: 'a', value: '1' }],
			choice: [{ name: 'a', value: '2' }],
		});
		expect(read).toHaveProperty('value.length', 2);
	});

	it('says which name is wrong', () => {
		expect(readCollection({ file: [{ name: '', binaryPropertyName: 'data' }] })).toMatchObject({
			problem: { message: 'A file parameter has no name' },
		});
	});
});

import fc from 'fast-check';

import { objectIn, readObject } from '../../../../nodes/ComfyControl/parameters/object';
import type { Checked } from '../../../../nodes/ComfyControl/parameters/types';
import type { WorkflowParameter } from '../../../../nodes/ComfyControl/parameters/workflowParameters';

const KNOWN: WorkflowParameter[] = [
	{ kind: 'text', name: 'prompt' },
	{ kind: 'file', name: 'input_image' },
	{ kind: 'choice', name: 'sampler', options: ['euler', 'dpm_2'] },
];
const FILE = { mimeType: 'image/png', data: 'aGk=' };

const problemOf = (read: Checked<unknown>) => ('problem' in read ? read.problem : undefined);

describe('objectIn', () => {
	it.each([
		['JSON', '{ "prompt": "a barn" }', { prompt: 'a barn' }],
		['JSON with a mark and spaces', '\uFEFF {"a":1}\n', { a: 1 }],
		['an object', { prompt: 'a barn' }, { prompt: 'a barn' }],
		['nothing', '', {}],
		['blanks', ' \n', {}],
		['no value', undefined, {}],
	])('takes %s', (_what, entered, value) => {
		expect(objectIn(entered, '')).toEqual({ value });
	});

	it.each([
		['["a"]', 'a list'],
		[[{ prompt: 'a barn' }], 'a list'],
		['"a"', 'a string'],
		['12', 'a number'],
		[true, 'a boolean'],
		['null', 'null'],
	])('does not take %j', (entered, kind) => {
		expect(problemOf(objectIn(entered, ''))).toEqual({
			message: `The JSON of the parameters is ${kind}, not an object`,
			description: expect.stringMatching(/^Enter one object, such as {/),
		});
	});

	it.each([
		['a quotation mark in a text', '{ "prompt": "a "red" barn" }'],
		['a line break in a text', '{ "prompt": "a\nbarn" }'],
		['no quotes', '{ prompt: "a barn" }'],
	])('says what breaks JSON: %s', (_what, entered) => {
		expect(problemOf(objectIn(entered, ''))).toMatchObject({
			message: expect.stringMatching(/^The JSON of the parameters can't be read: ./),
			description: expect.stringContaining('let one expression give the whole object'),
		});
	});

	it.each([undefined, null, '', ' '])('does not take %j of an expression', (entered) => {
		expect(problemOf(objectIn(entered, '={{ $json.body }}'))?.message).toBe(
			"The expression of 'Parameters' gives nothing for this item",
		);
	});
});

describe('readObject', () => {
	it('knows the kinds from the workflow', () => {
		expect(readObject({ sampler: 'dpm_2', input_image: 'data', prompt: 'a barn' }, KNOWN)).toEqual({
			value: [
				{ kind: 'text', name: 'prompt', value: 'a barn' },
				{ kind: 'file', name: 'input_image', input: 'data' },
				{ kind: 'choice', name: 'sampler', value: 'dpm_2' },
			],
		});
	});

	it.each(['Input Image', 'input-image', '$input_image', '$file(input_image)', ' INPUT_IMAGE '])(
		'knows a parameter by %j',
		(name) => {
			expect(readObject({ [name]: 'data' }, KNOWN)).toEqual({
				value: [{ kind: 'file', name: 'input_image', input: 'data' }],
			});
		},
	);

	it('goes by the prefix where the workflow is not known', () => {
		const object = {
			prompt: 'a barn',
			$style: 'oil',
			'#sampler': 'ddim',
			'$choice(size)': 'XL',
			'$file(mask)': 'data',
			photo: FILE,
		};
		expect(readObject(object, [])).toEqual({
			value: [
				{ kind: 'text', name: 'prompt', value: 'a barn' },
				{ kind: 'text', name: 'style', value: 'oil' },
				{ kind: 'choice', name: 'sampler', value: 'ddim' },
				{ kind: 'choice', name: 'size', value: 'XL' },
				{ kind: 'file', name: 'mask', input: 'data' },
				{ kind: 'file', name: 'photo', input: FILE },
			],
		});
	});

	it('makes texts of numbers and switches, and leaves out what is null', () => {
		const object = { steps: 12.5, tiled: false, empty: '', style: null, other: undefined };
		expect(readObject(object, [])).toEqual({
			value: [
				{ kind: 'text', name: 'steps', value: '12.5' },
				{ kind: 'text', name: 'tiled', value: 'false' },
				{ kind: 'text', name: 'empty', value: '' },
			],
		});
	});

	it.each([
		['a list', { prompt: ['a', 'b'] }, "The text parameter 'prompt' is a list, not text"],
		['an object', { prompt: { en: 'a' } }, "The text parameter 'prompt' is an object, not text"],
		[
			'a list for a file',
			{ input_image: ['data'] },
			"The input of the file parameter 'input_image'",
		],
		['an empty choice', { sampler: '' }, "The choice parameter 'sampler' has no value"],
		['two of one', { Prompt: 'a', PROMPT: 'b' }, 'More than one field of the JSON could be'],
		[
			'two of one unknown',
			{ style: 'a', $style: 'b' },
			"The parameter 'style' is entered more than",
		],
		['a generated value', { '$random()': '1' }, "'$random()' takes no value"],
		['no name', { '': 'a' }, 'A text parameter has no name'],
		[
			'a number that lost digits',
			JSON.parse('{"prompt":9007199254740993}'),
			"The number for 'prompt'",
		],
		['no number', { prompt: NaN }, "The text parameter 'prompt' is NaN, which is no value"],
	])('refuses %s', (_what, object, message) => {
		expect(problemOf(readObject(object, KNOWN))?.message).toContain(message);
	});

	it('says where a nested value stands', () => {
		expect(problemOf(readObject({ Prompt: {} }, KNOWN))?.description).toBe(
			"The field 'Prompt' of the JSON holds it. Put a text or a number into that field.",
		);
	});

	it('sends every text as it is, or says what is wrong', () => {
		const names = fc.constantFrom('prompt', 'Prompt', '#sampler', 'sampler', '__proto__', 'x');
		const texts = fc.dictionary(names, fc.string({ minLength: 1 }));
		fc.assert(
			fc.property(texts, (object) => {
				const read = readObject(JSON.parse(JSON.stringify(object)), KNOWN);
				if ('problem' in read) return;
				const values = read.value.map((one) => ('value' in one ? one.value : one.input));
				expect(values.sort()).toEqual(Object.values(object).sort());
			}),
		);
	});
});

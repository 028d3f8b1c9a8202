import fc from 'fast-check';

import { formFieldName, parameterName } from '../../../../nodes/ComfyControl/parameters/names';

describe('formFieldName', () => {
	it.each([
		['text', '$prompt'],
		['file', '$prompt'],
		['choice', '#prompt'],
	] as const)('gives a %s its prefix: %s', (kind, field) => {
		expect(formFieldName({ kind, name: 'prompt' })).toBe(field);
	});
});

describe('parameterName', () => {
	it.each([
		['text', 'prompt', 'prompt'],
		['text', '  prompt ', 'prompt'],
		['text', '$prompt', 'prompt'],
		['text', '$text(prompt)', 'prompt'],
		['text', '$text( prompt , a default, with commas (and brackets))', 'prompt'],
		['text', '$text(prompt, a default\nover two lines)', 'prompt'],
		['text', '"$text(prompt)"', 'prompt'],
		['text', '"quoted"', '"quoted"'],
		['text', '12.te#xt"q é', '12.te#xt"q é'],
		['text', '$', '$'.slice(1)],
		['file', 'input_image', 'input_image'],
		['file', '$input_image', 'input_image'],
		['file', '$file(input_image.png)', 'input_image.png'],
		['choice', 'sampler', 'sampler'],
		['choice', '#sampler', 'sampler'],
		['choice', '$sampler', 'sampler'],
		['choice', '$choice(sampler, euler, dpm_2)', 'sampler'],
		['choice', '#choice(sampler)', 'sampler'],
	] as const)('reads the %s %j as %j', (kind, entered, name) => {
		const read = parameterName(entered, kind);
		if (name === '') expect(read).toHaveProperty('problem');
		else expect(read).toEqual({ value: name });
	});

	it('reads a name in each way of writing it as the same name', () => {
		const names = fc.stringMatching(/^[A-Za-z0-9_.-]{1,30}$/);
		const kinds = fc.constantFrom('text', 'file', 'choice');
		fc.assert(
			fc.property(names, kinds, (name, kind) => {
				const field = formFieldName({ kind, name });
				for (const entered of [
					name,
					` ${name} `,
					field,
					`$${kind}(${name})`,
					`$${kind}( ${name}, x)`,
				]) {
					expect(parameterName(entered, kind)).toEqual({ value: name });
				}
			}),
		);
	});

	it.each(['', '   ', '$', '#', '$text()', '$text( , default)'])(
		'refuses the empty name in %j',
		(entered) => {
			expect(parameterName(entered, entered === '#' ? 'choice' : 'text')).toMatchObject({
				problem: { message: expect.stringContaining('has no name') },
			});
		},
	);

	it.each(['two\nlines', 'a\tb', 'null\0', 'delete\x7f', 'next\x85line'])(
		'refuses the control character in %j and shows where it is',
		(entered) => {
			expect(parameterName(entered, 'text')).toMatchObject({
				problem: {
					message: expect.stringContaining(JSON.stringify(entered)),
					description: expect.stringContaining('on one line'),
				},
			});
		},
	);

	it.each([
		['$file(input_image)', 'text', 'File Parameter'],
		['$choice(sampler, a, b)', 'text', 'Choice Parameter'],
		['#sampler', 'text', 'Choice Parameter'],
		['#sampler', 'file', 'Choice Parameter'],
		['$text(prompt)', 'choice', 'Text Parameter'],
	] as const)('says where %s belongs when it is entered as a %s', (entered, kind, group) => {
		expect(parameterName(entered, kind)).toMatchObject({
			problem: {
				message: expect.stringContaining(`is entered as a ${kind} parameter`),
				description: expect.stringContaining(`'${group}'`),
			},
		});
	});

	it.each(['$text(prompt', '$choice(sampler, a', '#choice('])(
		'refuses the cut-off %s',
		(entered) => {
			const kind = entered.includes('choice') ? 'choice' : 'text';
			expect(parameterName(entered, kind)).toMatchObject({
				problem: { message: `'${entered}' is not a whole placeholder` },
			});
		},
	);

	it.each([[{ name: 'prompt' }], [['prompt']]])('refuses %j as a name', (entered) => {
		expect(parameterName(entered, 'text')).toMatchObject({
			problem: { message: 'The name of a text parameter is an object, not text' },
		});
	});

	it('takes a number as a name', () => {
		expect(parameterName(6, 'text')).toEqual({ value: '6' });
	});

	it.each(['$random()', '$timestamp()', ' $random( ) '])(
		'says that %s takes no value',
		(entered) => {
			expect(parameterName(entered, 'text')).toMatchObject({
				problem: { message: `'${entered.trim()}' takes no value` },
			});
		},
	);
});

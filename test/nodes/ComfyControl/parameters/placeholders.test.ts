import fc from 'fast-check';

import {
	formFieldName,
	kindAndName,
	parameterName,
	parsePlaceholder,
	placeholdersIn,
	type Placeholder,
} from '../../../../nodes/ComfyControl/parameters/placeholders';

const part = fc
	.string({ minLength: 1, unit: 'grapheme' })
	.filter((text) => /^[^(),\p{Cc}]+$/u.test(text) && text.trim() === text);
const defaultText = fc.string({ unit: 'grapheme' });
const anyPlaceholder = fc.oneof(
	fc.record({ kind: fc.constant('text' as const), name: part }),
	fc.record({ kind: fc.constant('text' as const), name: part, defaultValue: defaultText }),
	fc.record({ kind: fc.constant('file' as const), name: part }),
	fc.record({
		kind: fc.constant('choice' as const),
		name: part,
		options: fc.uniqueArray(part, { minLength: 1, maxLength: 6 }),
	}),
	fc.record({ kind: fc.constantFrom('random' as const, 'timestamp' as const) }),
);

function printed(placeholder: Placeholder): string {
	if (!('name' in placeholder)) return `$${placeholder.kind}()`;
	const { kind, name } = placeholder;
	const more =
		placeholder.kind === 'choice'
			? placeholder.options
			: 'defaultValue' in placeholder
				? [placeholder.defaultValue]
				: [];
	return `$${kind}(${[name, ...more].join(', ')})`;
}

describe('parsePlaceholder', () => {
	it('reads back what is printed', () => {
		fc.assert(
			fc.property(anyPlaceholder, (placeholder) => {
				expect(parsePlaceholder(printed(placeholder))).toEqual(placeholder);
			}),
			{ numRuns: 1_000 },
		);
	});

	it.each([
		['$text(prompt)', { kind: 'text', name: 'prompt' }],
		[' $text( prompt ,  a, b (c) ) ', { kind: 'text', name: 'prompt', defaultValue: ' a, b (c) ' }],
		['$text(prompt,)', { kind: 'text', name: 'prompt', defaultValue: '' }],
		['$text(two\n, lines\nof text)', { kind: 'text', name: 'two', defaultValue: 'lines\nof text' }],
		['$file(input_image.png)', { kind: 'file', name: 'input_image.png' }],
		[
			'$choice(sampler,euler , dpm 2)',
			{ kind: 'choice', name: 'sampler', options: ['euler', 'dpm 2'] },
		],
		['$random( )', { kind: 'random' }],
		['$timestamp()', { kind: 'timestamp' }],
	])('%j', (value, placeholder) => {
		expect(parsePlaceholder(value)).toEqual(placeholder);
	});

	it.each([
		'$text()',
		'$text( , a)',
		'$text(prompt',
		'$text(a) and $text(b)',
		'$file(a, b)',
		'$file()',
	])('reports %j rather than guess', (value) => {
		expect(parsePlaceholder(value)).toBe('malformed');
	});

	it.each([
		'$choice(sampler)',
		'$choice(sampler, a,, b)',
		'$random(7)',
		'$timestamp(now)',
		'$choice(a, b',
	])('reports %j rather than guess', (value) => {
		expect(parsePlaceholder(value)).toBe('malformed');
	});

	it.each([
		'',
		'a lighthouse',
		'prefix_$random()',
		'text(prompt)',
		'$prompt',
		'$texts(a)',
		'#choice(a)',
	])('%j is a value like any other', (value) => {
		expect(parsePlaceholder(value)).toBeUndefined();
	});
});

describe('placeholdersIn', () => {
	it('finds them at any depth, in the order of the definition, each name once', () => {
		const { named, malformed } = placeholdersIn({
			a: { inputs: { text: '$text(prompt)', list: [['$file(image)'], '$random()'] } },
			b: { inputs: { again: '$text(prompt, a default)', bad: '$text(' } },
			c: { inputs: { sampler: '$choice(sampler, a, b)', other: '$choice(sampler, b, c)' } },
		});
		expect(named).toEqual([
			{ kind: 'text', name: 'prompt', defaultValue: 'a default' },
			{ kind: 'file', name: 'image' },
			{ kind: 'choice', name: 'sampler', options: ['b'], defaultsDiffer: true },
		]);
		expect(malformed).toEqual(['$text(']);
	});

	it('tells that places of one name have different defaults', () => {
		expect(
			placeholdersIn(['$text(a, 1)', '$text(a)', '$text(a, 2)', '$text(b, 1)', '$text(b, 1)'])
				.named,
		).toEqual([
			{ kind: 'text', name: 'a', defaultValue: '1', defaultsDiffer: true },
			{ kind: 'text', name: 'b', defaultValue: '1' },
		]);
		expect(placeholdersIn(['$choice(s, a, b, c)', '$choice(s, a, c, d)']).named).toEqual([
			{ kind: 'choice', name: 's', options: ['a', 'c'] },
		]);
	});

	it('takes any JSON', () => {
		fc.assert(
			fc.property(fc.jsonValue({ maxDepth: 8 }), (json) => {
				expect(placeholdersIn(json).named).toBeInstanceOf(Array);
			}),
		);
	});

	it('takes 10,000 levels', () => {
		let definition: unknown = '$text(deep)';
		for (let level = 0; level < 10_000; level++) {
			definition = level % 2 === 0 ? [definition] : { inner: definition };
		}
		expect(placeholdersIn(definition).named).toEqual([{ kind: 'text', name: 'deep' }]);
	});
});

describe('kindAndName', () => {
	it.each([
		['$text(prompt)', { kind: 'text', name: 'prompt' }],
		['#choice(sampler)', { kind: 'choice', name: 'sampler' }],
		['$choice( sampler , a, b)', { kind: 'choice', name: 'sampler' }],
		['$prompt', undefined],
		['$random()', undefined],
	])('%j', (text, expected) => {
		expect(kindAndName(text)).toEqual(expected);
	});
});

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

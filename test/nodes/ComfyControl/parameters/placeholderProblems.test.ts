import fc from 'fast-check';

import {
	isNearPlaceholder,
	nearPlaceholderProblem,
} from '../../../../nodes/ComfyControl/parameters/placeholderProblems';

describe('isNearPlaceholder', () => {
	it.each([
		'photo of $text(subject), 8k',
		'photo of $Text(subject, a barn)',
		'$Text(x)',
		'$text (x)',
		'$ text(x)',
		'${text(x)}',
		'${ $text(x, a default) }',
		'#choice(s,a)',
		'#text(prompt)',
		'$random ()',
		'$Random()',
		'$text(prompt',
		'$text()',
		'$text(a) and $text(b)',
		'$text(a, red) and $text(b)',
		'ComfyUI_$timestamp()',
		'out/$random()',
		'a\n$choice(s, a, b)',
		'$random(7)',
	])('finds %j', (value) => {
		expect(isNearPlaceholder(value)).toBe(true);
	});

	it.each([
		'',
		'$text(prompt)',
		'$text(prompt, a $5 barn (old))',
		'$choice(s, a, b)',
		'$random()',
		'$prompt',
		'text(prompt)',
		'$file($argv[1]); echo "x";',
		'df$text(x)',
		'$text',
		'#choice',
		'the #text (bold)',
		'{2$$text|file}',
		'$(file *.png)',
	])('leaves %j alone', (value) => {
		expect(isNearPlaceholder(value)).toBe(false);
	});

	const word = fc.constantFrom(
		...[
			'text',
			'file',
			'choice',
			'random',
			'timestamp',
			'Text',
			'FILE',
			'a barn',
			'masterpiece',
			'8k',
		],
		...['灯塔', '🏚', 'best quality', 'x', 'photo', '1girl', 'no', 'of', 'the'],
	);
	const number = fc.integer({ min: 0, max: 999 });
	const pieces = [
		word,
		word.map((a) => `(${a})`),
		fc.tuple(word, number).map(([a, n]) => `(${a}:1.${n})`),
		word.map((a) => `((${a}))`),
		word.map((a) => `[${a}]`),
		fc.tuple(word, word, number).map(([a, b, n]) => `[${a}:${b}:0.${n}]`),
		fc.tuple(word, word).map(([a, b]) => `{${a}|${b}}`),
		fc.tuple(word, word).map(([a, b]) => `{2$$${a}|${b}}`),
		fc.tuple(word, word).map(([a, b]) => `{1-2$$ and $$${a}|${b}}`),
		word.map((a) => `\${${a}}`),
		fc.tuple(word, word).map(([a, b]) => `\${${a}=!{${b}}}`),
		word.map((a) => `__${a}__`),
		fc.tuple(word, number).map(([a, n]) => `<lora:${a}:0.${n}>`),
		word.map((a) => `embedding:${a}`),
		number.map((n) => `$${n}`),
		number.map((n) => `$${n}.99 (sale)`),
		number.map((n) => `US$${n}(about)`),
		word.map((a) => `$${a}`),
		word.map((a) => `"$${a}"`),
		word.map((a) => `$(${a})`),
		word.map((a) => `$${a}[0]`),
		word.map((a) => `$${a}->open()`),
		fc.tuple(word, word).map(([a, b]) => `$${a} = $${b};`),
		word.map((a) => `\${${a}%.png}`),
		word.map((a) => `#${a}`),
		word.map((a) => `# ${a} (note)`),
		fc.tuple(word, word).map(([a, b]) => `${a}(${b})`),
		word.map((a) => `Math.random() * ${a}()`),
		word.map((a) => `$("#${a}").${a}()`),
		word.map((a) => `jQuery.${a}("${a}")`),
		fc.tuple(word, word).map(([a, b]) => `$${a}($${b})`),
		fc.tuple(word, word).map(([a, b]) => `$${a}("${b}")`),
		word.map((a) => `awk '{print $1, ${a}($2)}'`),
		word.map((a) => `$$${a}$$`),
		word.map((a) => `{{ $json.${a} }}`),
		word.map((a) => `%${a}%`),
		fc.string({ unit: 'grapheme', maxLength: 6 }).map((a) => a.replace(/[$#]/g, '')),
	];
	const prompt = fc
		.array(fc.oneof(...pieces), { minLength: 1, maxLength: 8 })
		.chain((all) => fc.constantFrom(', ', ' ', '\n', '; ').map((by) => all.join(by)));

	// `$text (x)` as the whole value is one of those to be found, whatever it was meant to be.
	const isSpacedPlaceholder = (text: string) =>
		/^\$(text|file|choice|random|timestamp) +\([\p{L}\p{N} ]+\)$/iu.test(text.trim());

	it('gives no false alarm for 100,000 prompts as people write them', () => {
		fc.assert(
			fc.property(prompt, (text) => isSpacedPlaceholder(text) || !isNearPlaceholder(text)),
			{ numRuns: 100_000 },
		);
	}, 60_000);

	it('is quick on long texts', () => {
		const started = performance.now();
		for (const part of ['$text(a ', '$text( ', '#text(a ', '$choice(a,', ' $']) {
			isNearPlaceholder(part.repeat(100_000));
			isNearPlaceholder(`x ${part.slice(0, -1)}${' '.repeat(20_000)}`);
		}
		expect(performance.now() - started).toBeLessThan(10_000);
	});
});

describe('nearPlaceholderProblem', () => {
	it('says where it is', () => {
		const definition = { '6': { class_type: 'X', inputs: { text: 'a $text(b)', n: 1 } } };
		expect(nearPlaceholderProblem(definition)).toEqual({
			message: expect.stringContaining("'a $text(b)' is not quite a placeholder"),
			description: expect.stringContaining("'text' of node '6'"),
		});
	});

	it('leaves titles alone', () => {
		const _meta = { title: 'takes $text(b) alone' };
		expect(nearPlaceholderProblem({ '6': { class_type: 'X', inputs: {}, _meta } })).toBeUndefined();
	});
});

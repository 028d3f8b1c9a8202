import { formField, namedPlaceholders, parsePlaceholder } from './placeholders';

describe('placeholders [C-TPL]', () => {
	it.each([
		['$text(prompt)', { kind: 'text', name: 'prompt' }],
		['$text(prompt, a fox, red)', { kind: 'text', name: 'prompt', default: 'a fox, red' }],
		['$text(prompt, )', { kind: 'text', name: 'prompt', default: '' }],
		['$file(input_image)', { kind: 'file', name: 'input_image' }],
		['$choice(sampler, a, b)', { kind: 'choice', name: 'sampler', options: ['a', 'b'] }],
		['$choice(s,a,b,c,d)', { kind: 'choice', name: 's', options: ['a', 'b', 'c', 'd'] }],
		['$random()', { kind: 'random' }],
		['$timestamp()', { kind: 'timestamp' }],
	])('%s is one', (token, placeholder) => {
		expect(parsePlaceholder(token)).toEqual({ ...placeholder, token });
	});

	it.each([
		'prefix_$random()',
		'$random() ',
		'$text',
		'text(prompt)',
		'$other(x)',
		'',
		7,
		['4', 0],
	])('%p is none: they are the entire string [SITE-CON]', (value) => {
		expect(parsePlaceholder(value)).toBeUndefined();
	});

	it('have a form field each, and each only once [W-RERUN]', () => {
		const node = (inputs: Record<string, unknown>) => ({ class_type: 'Example', inputs });
		const placeholders = namedPlaceholders({
			'1': node({ text: '$text(prompt)', seed: '$random()', image: '$file(input_image)' }),
			'2': node({ text: '$text(prompt)', sampler: '$choice(sampler, a, b)', steps: 20 }),
		});
		expect(placeholders.map(formField)).toEqual(['$prompt', '$input_image', '#sampler']);
	});
});

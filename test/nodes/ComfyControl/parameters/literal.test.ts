import fc from 'fast-check';

import { literal } from '../../../../nodes/ComfyControl/parameters/literal';
import { evaluated } from '../../../support/expressions';

function arriving(text: string): unknown {
	const written = literal(text);
	return written.startsWith('=') ? evaluated(written, {}) : written;
}

describe('literal', () => {
	it.each([
		'a lighthouse',
		'={{ $workflow.name }}',
		'=^.^= a cat',
		'=',
		'==',
		'={{ 1 + 1 }} and {{{ }}} "quoted" \\{{ \\}} \\\\ \n new line',
		'={{ "}}" }}',
		'=\\n',
		'=5',
		'= true ',
		'=\u2028a{',
		'{{ $json.a }}',
	])('arrives in n8n as it is: %j', (text) => {
		expect(arriving(text)).toBe(text);
	});

	it('arrives as it is, whatever it is', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.oneof(fc.constantFrom('{{', '}}', '\\', '=', '"', "'", '$json', '\n'), fc.string()),
				),
				(parts) => {
					const text = `=${parts.join('')}`;
					expect(arriving(text)).toBe(text);
				},
			),
			{ numRuns: 500 },
		);
	});
});

import { listEntry } from '../../../../nodes/ComfyControl/methods/listEntry';
import { parameterName } from '../../../../nodes/ComfyControl/parameters/placeholders';
import { unsuccessfulJob } from '../../../../nodes/ComfyControl/batch/jobErrors';
import { foreignText, keepSecret } from '../../../../nodes/ComfyControl/basics/foreignText';
import { operationError } from '../../../../nodes/ComfyControl/basics/nodeErrors';
import { NODE } from '../../../support/node';

const HOSTILE = `\u001b[31mred\u001b[0m\r\nBearer abc cfc_secret \u202egnp.exe ${'x'.repeat(1_000_000)}`;

describe('foreignText', () => {
	it.each([
		['plain 👩‍🚀 text', 'plain 👩‍🚀 text'],
		['\u001b[1;31mred\u001b[0m', 'red'],
		['two\r\nlines\u2028more\u0000', 'two lines more '],
		['a\u202egnp.exe\u200f', 'agnp.exe'],
		['Bearer abcdef', 'Bearer ***'],
		['cf\u200bc_secret', 'cfc_***'],
	])('%j is shown as %j', (text, shown) => {
		expect(foreignText(text)).toBe(shown);
	});

	it('is bounded, and cut between characters', () => {
		expect(foreignText('a'.repeat(2_000_000))).toHaveLength(500);
		expect(foreignText('abc😀def', { max: 5 })).toBe('abc…');
	});

	it('masks secrets before it cuts', () => {
		expect(foreignText('say topsecret', { max: 8, secrets: ['topsecret'] })).toBe('say ***');
	});

	it('masks a token that the process has used, of whatever form', () => {
		keepSecret('odd-token-of-a-proxy');
		expect(foreignText('no odd-token-of-a-proxy')).toBe('no ***');
	});

	it('keeps few tokens in mind, and none that may be a word', () => {
		keepSecret('word');
		keepSecret('the-oldest-token');
		for (let index = 0; index < 50; index++) keepSecret(`a-newer-token-${index}-`);
		expect(foreignText('word the-oldest-token')).toBe('word the-oldest-token');
	});
});

describe('a hostile text', () => {
	const failed = unsuccessfulJob(
		NODE,
		{
			id: 'w1',
			status: HOSTILE,
			error_node: HOSTILE,
			exception_type: HOSTILE,
			exception_message: HOSTILE,
		},
		0,
	);
	const entry = listEntry({ id: HOSTILE, name: HOSTILE, tags: [HOSTILE] }, 'UTC');
	const name = parameterName(`$file(${HOSTILE.replace('\r\n', ' ')})`, 'text');
	const own = operationError(NODE, { message: HOSTILE, description: HOSTILE }, 0);

	it.each([
		['what a workflow failed with', `${failed.message} ${failed.description}`, 1_500],
		['an entry of a list', entry.name, 200],
		['the wrong name of a parameter', 'problem' in name ? name.problem.message : '', 300],
		['any error', `${own.message} ${own.description}`, 5_100],
	])('is masked, bounded and clean in %s', (_where, shown, max) => {
		expect(shown).not.toBe('');
		expect(shown.length).toBeLessThan(max);
		expect(shown).not.toMatch(/[\p{Cc}\u202e]/u);
		expect(shown).not.toMatch(/cfc_secret|Bearer abc/);
	});
});

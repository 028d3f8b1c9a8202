import { shortFault } from '../../../../nodes/ComfyControl/transport/faults';

describe('shortFault', () => {
	const coded = (code: unknown) => Object.assign(new Error('it broke'), { code });

	it.each([
		[new Error('it broke'), 'it broke'],
		[coded('ENOSPC'), 'ENOSPC'],
		[coded(5), 'it broke'],
		[new Error('outer', { cause: coded('ECONNRESET') }), 'ECONNRESET'],
		[new Error('outer', { cause: { code: 'ECONNRESET' } }), 'outer'],
		[new Error('outer', { cause: new Error('inner') }), 'outer'],
		[Object.assign(coded('EOUTER'), { cause: coded('EINNER') }), 'EOUTER'],
		['odd', 'odd'],
		[undefined, 'undefined'],
	])('%p: %s', (fault, expected) => {
		expect(shortFault(fault)).toBe(expected);
	});
});

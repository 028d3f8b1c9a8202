import { switchIn } from '../../../../nodes/ComfyControl/parameters/switched';

describe('a switch', () => {
	it.each([
		[true, true],
		['TRUE', true],
		[' yes ', true],
		[1, true],
		[false, false],
		['false', false],
		['0', false],
		['', false],
	])('is read from %j as %p', (value, isOn) => {
		for (const fallback of [true, false]) {
			expect(switchIn('Return All', value, fallback)).toEqual({ value: isOn });
		}
	});

	it.each([undefined, null])('is as by default where an expression gives %p', (value) => {
		expect(switchIn('Return All', value, true)).toEqual({ value: true });
	});

	it.each(['WAHR', 2, {}, [[true]]])('is not guessed from %j', (value) => {
		expect(switchIn('Return All', value, true)).toEqual({
			problem: {
				message: "'Return All' is neither on nor off",
				description: 'Let its expression give true or false.',
			},
		});
	});
});

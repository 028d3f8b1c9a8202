import { numberIn, switchIn } from '../../../../nodes/ComfyControl/parameters/given';

describe('numberIn', () => {
	it.each([
		[900, 900],
		['900', 900],
		[' 1.5 ', 1.5],
		[0, 0],
	])('reads %j', (entered, number) => {
		expect(numberIn(entered)).toBe(number);
	});

	it.each([[''], [' '], ['soon'], [null], [undefined], [true], [[5]], [{}], [NaN], [Infinity]])(
		'takes %j for none',
		(entered) => {
			expect(numberIn(entered)).toBeUndefined();
		},
	);
});

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

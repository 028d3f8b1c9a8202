import { numberIn } from '../../../../nodes/ComfyControl/parameters/number';

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

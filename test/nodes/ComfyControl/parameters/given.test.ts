import {
	nameOfNoValue,
	numberIn,
	shownValue,
	switchIn,
} from '../../../../nodes/ComfyControl/parameters/given';

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
		['No', false],
		['off', false],
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

describe('a value', () => {
	const date = new Date(Date.UTC(2026, 0, 2));
	it.each([
		['a date as its text', date, date.toJSON()],
		['an invalid date as nothing', new Date(NaN), null],
		['a large number as its digits', 2n ** 70n, '1180591620717411303424'],
		['an object as it is', { toJSON: 'x', a: 1 }, { toJSON: 'x', a: 1 }],
		['nothing as nothing', null, null],
	])('is shown like in the panel: %s', (_what, value, shown) => {
		expect(shownValue(value)).toEqual(shown);
	});

	it.each([
		['NaN', NaN],
		['-Infinity', -Infinity],
		['a function', () => 1],
		['a symbol', Symbol('x')],
		['no valid date', new Date(NaN)],
		['no valid date', { toJSON: () => undefined }],
	])('that could not be sent has a name: %s', (name, value) => {
		expect(nameOfNoValue(value)).toBe(name);
	});

	it.each([
		['a date', date],
		['an object', {}],
		['zero', 0],
		['an empty text', ''],
		['nothing', null],
	])('that could be sent, or is none, has no such name: %s', (_what, value) => {
		expect(nameOfNoValue(value)).toBeUndefined();
	});
});

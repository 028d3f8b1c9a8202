import fc from 'fast-check';

import { Remembered } from '../../../../nodes/ComfyControl/basics/remembered';

const texts = (most: number) => new Remembered<string>(most, ({ length }) => length);

describe('what is remembered', () => {
	it('is given back by its key', () => {
		const remembered = texts(10);
		remembered.set('a', 'one');
		remembered.set('b', 'two');
		expect([remembered.get('a'), remembered.get('b'), remembered.get('c')]).toEqual([
			'one',
			'two',
			undefined,
		]);
	});

	it('takes the place of what had its key', () => {
		const remembered = texts(10);
		remembered.set('a', 'one');
		remembered.set('a', 'three');
		expect([remembered.get('a'), remembered.weight]).toEqual(['three', 5]);
	});

	it('gives way when there is no more room, what was not asked for the longest first', () => {
		const remembered = texts(6);
		remembered.set('a', 'one');
		remembered.set('b', 'two');
		remembered.get('a');
		remembered.set('c', 'six');
		expect(['a', 'b', 'c'].map((key) => remembered.get(key))).toEqual(['one', undefined, 'six']);
	});

	it('is not what is larger than everything together may be, nor what it would have replaced', () => {
		const remembered = texts(4);
		remembered.set('a', 'one');
		remembered.set('a', 'three');
		expect([remembered.get('a'), remembered.weight]).toEqual([undefined, 0]);
	});

	it('never is more than it may be, and always is what was set last if that fits', () => {
		const sets = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.string()));
		fc.assert(
			fc.property(sets, (entries) => {
				const remembered = texts(12);
				for (const [key, value] of entries) {
					remembered.set(key, value);
					expect(remembered.weight).toBeLessThanOrEqual(12);
					expect(remembered.get(key)).toBe(value.length <= 12 ? value : undefined);
				}
			}),
		);
	});
});

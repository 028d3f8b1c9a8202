import fc from 'fast-check';

import { progressOf, timeMs } from '../../../../nodes/ComfyControl/api/states';

const KNOWN = ['completed', 'failed', 'invalid', 'cancelled'];

describe('progressOf', () => {
	it.each([
		['completed', 'completed'],
		['failed', 'failed'],
		['invalid', 'failed'],
		['cancelled', 'failed'],
		['accepted', 'pending'],
		['uploaded', 'pending'],
		['queued', 'pending'],
		['running', 'pending'],
	])('%s: %s', (status, expected) => {
		expect(progressOf({ id: 'a', status })).toBe(expected);
	});

	it('takes a state that it doesn’t know for not finished, or none at all', () => {
		const unknown = fc.oneof(
			fc.string(),
			fc.constantFrom('archived', 'Completed', null, undefined),
		);
		fc.assert(
			fc.property(unknown, (status) => {
				fc.pre(!KNOWN.includes(String(status)));
				expect(progressOf({ id: 'a', status })).toBe('pending');
			}),
		);
	});
});

describe('timeMs', () => {
	it.each([
		['1970-01-01T00:00:01.500Z', 1_500],
		['soon', undefined],
		['', undefined],
		[null, undefined],
		[undefined, undefined],
		[1_500, undefined],
	])('%j: %p', (timestamp, expected) => {
		expect(timeMs(timestamp)).toBe(expected);
	});
});

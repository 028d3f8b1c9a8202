import { cooldownMs, readPauseMs } from '../../../../nodes/ComfyControl/transport/retries';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

describe('cooldownMs', () => {
	it.each([
		[undefined, 10_000],
		['', 10_000],
		['7', 7_000],
		['0', 10_000],
		['-5', 10_000],
		['99999', 120_000],
		['Thu, 01 Jan 2026 00:00:20 GMT', 20_000],
		['soon', 10_000],
	])('Retry-After %j: %d ms', (retryAfter, expected) => {
		expect(cooldownMs(retryAfter, NOW_MS)).toBe(expected);
	});
});

describe('readPauseMs', () => {
	it('grows from try to try and ends', () => {
		const pauses = [1, 2, 3, 4, 5, 6].map(readPauseMs);
		expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, undefined]);
	});
});

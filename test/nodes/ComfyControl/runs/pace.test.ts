import fc from 'fast-check';

import { nextLookInMs } from '../../../../nodes/ComfyControl/runs/pace';

/** The times of all looks until a single run of that length is seen to be finished. */
function looksUntilSeen(runMs: number): number[] {
	const looks: number[] = [];
	let now = 0;
	while (now < runMs) {
		now += nextLookInMs([{ sinceMs: 0 }], now, undefined);
		looks.push(now);
	}
	return looks;
}

describe('nextLookInMs', () => {
	it('sees a result within the larger of 1.5 s and 10 % of its time, up to the longest pause', () => {
		const longest = 150_000;
		// It is worst for a run that ends just after a look.
		for (const lookMs of [0, ...looksUntilSeen(longest)]) {
			const runMs = Math.min(lookMs + 1, longest);
			const seenAtMs = looksUntilSeen(runMs).at(-1) ?? 0;
			expect(seenAtMs - runMs).toBeLessThanOrEqual(Math.max(1_500, runMs * 0.1));
		}
	});

	it('costs at most one look in 2 s of a long wait', () => {
		fc.assert(
			fc.property(fc.integer({ min: 60_000, max: 3_600_000 }), (runMs) => {
				expect(looksUntilSeen(runMs).length).toBeLessThanOrEqual(runMs / 2_000 + 1);
			}),
		);
	});

	it('looks when a run should be ready, going by another', () => {
		const pending = [{ sinceMs: 0, runningSinceMs: 90_000 }];
		expect(nextLookInMs(pending, 105_000, 20_000)).toBe(5_250);
		expect(nextLookInMs(pending, 120_000, 20_000)).toBeGreaterThan(5_250);
	});
});

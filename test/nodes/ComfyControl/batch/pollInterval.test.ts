import fc from 'fast-check';

import {
	pollIntervalMs,
	pendingJob,
	runTimeOf,
} from '../../../../nodes/ComfyControl/batch/pollInterval';

/** The times of all looks until a single run of that length is seen to be finished. */
function looksUntilSeen(runMs: number): number[] {
	const looks: number[] = [];
	let now = 0;
	while (now < runMs) {
		now += pollIntervalMs([{ sinceMs: 0 }], now, undefined);
		looks.push(now);
	}
	return looks;
}

describe('pollIntervalMs', () => {
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
		expect(pollIntervalMs(pending, 105_000, 20_000)).toBe(5_250);
		expect(pollIntervalMs(pending, 120_000, 20_000)).toBeGreaterThan(5_250);
	});

	it.each([
		[19_999, 1_799.91],
		[20_000, 2_000],
		[22_000, 2_000],
		[100_000, 9_000],
		[1_000_000, 15_000],
	])('goes by the age of the youngest: after %i ms it is %d ms', (ageMs, inMs) => {
		const youngestMs = 1_000_000;
		const pending = [{ sinceMs: 0 }, { sinceMs: youngestMs }, { sinceMs: youngestMs - 1 }];
		expect(pollIntervalMs(pending, youngestMs + ageMs, undefined)).toBeCloseTo(inMs, 2);
	});

	it('goes by the first that should be ready, and by none that should be long since', () => {
		const begun = (runningSinceMs?: number) => ({ sinceMs: 0, runningSinceMs });
		const pending = [begun(), begun(70_000), begun(95_000), begun(96_000)];
		expect(pollIntervalMs(pending, 100_000, 10_000)).toBe(5_250);
		expect(pollIntervalMs([begun()], 100_000, 10_000)).toBe(9_000);
		// Ready by now: it was not, so that it may take long.
		expect(pollIntervalMs([begun(89_750)], 100_000, 10_000)).toBe(9_000);
	});

	it('never looks sooner than it may', () => {
		const begun = { sinceMs: 0, runningSinceMs: 89_751 };
		expect(pollIntervalMs([begun], 100_000, 10_000)).toBe(2_000);
	});
});

describe('pendingJob', () => {
	const accepted = Date.parse('2026-01-01T12:00:00.500Z');
	const runOf = (createdAt?: string) => ({
		itemIndex: 0,
		acceptedAtMs: accepted,
		workflow: { id: 'w1', created_at: createdAt },
	});

	it('tells when it began to run, though ComfyControl’s clock is another', () => {
		const lastSeen = { id: 'w1', started_at: '2026-01-01T11:00:10Z' };
		expect(pendingJob(runOf('2026-01-01T11:00:00Z'), lastSeen)).toEqual({
			sinceMs: accepted,
			runningSinceMs: accepted + 10_000,
		});
	});

	it('takes the clocks for the same when it does not know when the workflow was made', () => {
		const lastSeen = { id: 'w1', started_at: '2026-01-01T12:00:10Z' };
		const runningSinceMs = Date.parse(lastSeen.started_at);
		expect(pendingJob(runOf(), lastSeen)).toEqual({ sinceMs: accepted, runningSinceMs });
	});

	it('tells of one that does not run yet only since when it waits', () => {
		const lastSeen = { id: 'w1', started_at: null };
		expect(pendingJob(runOf(), lastSeen)).toEqual({ sinceMs: accepted });
	});
});

describe('runTimeOf', () => {
	const started = '2026-01-01T12:00:00Z';
	const completed = '2026-01-01T12:00:07.250Z';

	it.each([
		[started, completed, 7_250],
		[null, completed, undefined],
		[started, undefined, undefined],
		['soon', completed, undefined],
	])('from %p to %p: %p ms', (startedAt, completedAt, expected) => {
		const workflow = { id: 'w1', started_at: startedAt, completed_at: completedAt };
		expect(runTimeOf(workflow)).toBe(expected);
	});
});

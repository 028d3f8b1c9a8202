import fc from 'fast-check';

import { runTimeOf } from '../../../../nodes/ComfyControl/api/states';
import {
	pollIntervalMs,
	pendingJob,
	type Known,
} from '../../../../nodes/ComfyControl/batch/pollInterval';

const ANSWER_MS = 250;

/** How long after its end a run is seen to be finished, and by how many looks. */
function seen(runMs: number, known: Known = {}, queuedMs = 1_000) {
	const endMs = queuedMs + runMs;
	let now = 0;
	for (let looks = 1; ; looks++) {
		const runningSinceMs = now >= queuedMs ? queuedMs : undefined;
		now += pollIntervalMs([{ sinceMs: 0, runningSinceMs }], now, known);
		if (now >= endMs) return { delayMs: now - endMs, looks };
		now += ANSWER_MS;
	}
}

function median(values: number[]): number {
	return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Run times around this one, as they differ from run to run. */
const around = (runMs: number) => Array.from({ length: 41 }, (_, i) => runMs * (0.9 + i * 0.005));

describe('pollIntervalMs', () => {
	it.each([2_000, 5_000, 15_000, 40_000, 120_000])(
		'sees the end of a run of %i ms within 0.8 s mostly, when nothing is known of it',
		(runMs) => {
			expect(median(around(runMs).map((ms) => seen(ms).delayMs))).toBeLessThanOrEqual(800);
		},
	);

	it.each([2_000, 5_000, 15_000, 40_000, 120_000])(
		'sees the end of a run of %i ms within 0.4 s mostly, when it runs as long as the one before',
		(runTimeMs) => {
			const delays = [0, 300, 1_000, 4_000, 9_000].map(
				(queuedMs) => seen(runTimeMs, { runTimeMs }, queuedMs).delayMs,
			);
			expect(median(delays)).toBeLessThanOrEqual(400);
		},
	);

	it('sees a run that is much quicker than the one long ago within a fifth of its own time', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1_000, max: 200_000 }),
				fc.integer({ min: 100, max: 200_000 }),
				fc.integer({ min: 0, max: 20_000 }),
				(runTimeMs, runMs, queuedMs) => {
					const { delayMs } = seen(runMs, { runTimeMs }, queuedMs);
					expect(delayMs).toBeLessThanOrEqual(
						ANSWER_MS + Math.max(1_500, (queuedMs + runMs) * 0.2),
					);
				},
			),
		);
	});

	it('sees a run that is much quicker than the one just before in half of that time', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1_000, max: 40_000 }),
				fc.integer({ min: 100, max: 40_000 }),
				(runTimeMs, runMs) => {
					const { delayMs } = seen(runMs, { runTimeMs, isFresh: true });
					expect(delayMs).toBeLessThanOrEqual(
						ANSWER_MS + Math.max(1_500, runTimeMs / 2, runMs * 0.25),
					);
				},
			),
		);
	});

	it('costs few looks where the run time is known', () => {
		const isFresh = true;
		expect(seen(20_000, { runTimeMs: 20_000, isFresh }).looks).toBeLessThanOrEqual(5);
		expect(seen(120_000, { runTimeMs: 120_000, isFresh }).looks).toBeLessThanOrEqual(12);
		expect(seen(20_000, { runTimeMs: 20_000 }).looks).toBeLessThanOrEqual(18);
		expect(seen(120_000, { runTimeMs: 120_000 }).looks).toBeLessThanOrEqual(37);
	});

	it('costs at most one look in 1 s, and in hours one in 15 s', () => {
		expect(seen(60_000).looks).toBeLessThanOrEqual(60_000 / 1_000);
		expect(pollIntervalMs([{ sinceMs: 0 }], 3 * 3_600_000, {})).toBe(15_000);
	});

	it('takes twice the time where others use the limit too', () => {
		const pending = [{ sinceMs: 0 }];
		expect(pollIntervalMs(pending, 5_000, { isShared: true })).toBe(2_000);
		expect(pollIntervalMs(pending, 1_000_000, { isShared: true })).toBe(16_000);
	});

	it('goes by the youngest, and by the first that should be ready', () => {
		expect(pollIntervalMs([{ sinceMs: 0 }, { sinceMs: 990_000 }], 1_000_000, {})).toBe(1_000);
		const begun = [92_000, 95_000].map((runningSinceMs) => ({ sinceMs: 0, runningSinceMs }));
		expect(pollIntervalMs(begun, 100_000, { runTimeMs: 10_000, isFresh: true })).toBe(2_150);
		expect(pollIntervalMs(begun, 100_000, { runTimeMs: 10_000 })).toBe(1_000);
	});

	it('asks less often the longer a run is overdue', () => {
		const inMs = (overdueMs: number) =>
			pollIntervalMs([{ sinceMs: 0, runningSinceMs: 0 }], 10_150 + overdueMs, {
				runTimeMs: 10_000,
			});
		expect([100, 2_000, 4_000, 60_000].map(inMs)).toEqual([400, 500, 1_000, 1_000]);
	});

	it('does not take long for thousands', () => {
		const many = Array.from({ length: 200_000 }, (_, sinceMs) => ({ sinceMs }));
		expect(pollIntervalMs(many, 200_000, {})).toBe(1_000);
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

	it('does not take the time of an answer for a clock that is ahead', () => {
		const lastSeen = { id: 'w1', started_at: '2026-01-01T12:00:01Z' };
		expect(pendingJob(runOf('2026-01-01T12:00:00.250Z'), lastSeen)).toEqual({
			sinceMs: accepted,
			runningSinceMs: Date.parse(lastSeen.started_at),
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
		[completed, started, undefined],
	])('from %p to %p: %p ms', (startedAt, completedAt, expected) => {
		const workflow = { id: 'w1', started_at: startedAt, completed_at: completedAt };
		expect(runTimeOf(workflow)).toBe(expected);
	});
});

it('a look that takes several requests is never followed by more than half of the limit allows', () => {
	const pending = [{ sinceMs: 0 }];
	const inMs = (known: Parameters<typeof pollIntervalMs>[2]) =>
		pollIntervalMs(pending, 1_000, known);
	expect(inMs({ requestsALook: 1 })).toBe(1_000);
	expect(inMs({ requestsALook: 21 })).toBe(10_000);
	expect(inMs({ requestsALook: 21, isShared: true })).toBe(20_000);
	expect(inMs({ requestsALook: 21, runTimeMs: 500 })).toBe(10_000);
});

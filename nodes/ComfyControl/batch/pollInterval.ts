import { timeMs, type ComfyControlWorkflow } from '../api/states';
import type { Job } from './outcome';

// A result is seen half of this after it is there, when nothing is known of how long it takes.
const USUAL_MS = 1_000;
// A wait of hours does not need looks every second.
const SHARE_OF_AGE = 0.008;
const LONGEST_MS = 15_000;

// Around the time when a run should be ready, and less often the longer it is overdue.
const QUICK_MS = 400;
const SHARE_OVERDUE = 0.25;

const SHARE_OF_RUN_TIME = 1 / 3;

// A run may be much quicker than the one long ago, as what ComfyUI knows already it does not do again: then it is
// seen after a tenth of its own time at the latest.
const SHARE_IF_QUICKER = 0.1;

// What ComfyControl needs to note that a workflow is finished.
const GRACE_MS = 150;

// Looks for many take several requests: never more than half of what the API's limit allows.
const REQUEST_MS = 500;

// What looks like a clock that is so little ahead is the answer that was on its way.
const ANSWER_MS = 1_000;

// Others at the same address need their part of the limit.
const WIDER = 2;

/** What is known of a workflow that is not finished. */
export interface PendingJob {
	/** When it was accepted. */
	sinceMs: number;
	/** When it began to run on a runner, if it did. */
	runningSinceMs?: number;
}

/** What the looks go by beside the runs. */
export interface Known {
	/** How long one like them ran, if that is known. */
	runTimeMs?: number;
	/** Whether that one has run just now, among them. */
	isFresh?: boolean;
	/** How many requests a look takes. */
	requestsALook?: number;
	/** Whether others use the API's limit too. */
	isShared?: boolean;
}

/**
 * How long to wait until the next look at workflows that are not finished, in milliseconds: until one of
 * them should be ready if it is known how long they run (now and then before, unless one of them has just
 * ended), then quickly, and otherwise by the age of the youngest.
 *
 * @param pending the workflows that are waited for, at least one
 */
export function pollIntervalMs(pending: PendingJob[], now: number, known: Known): number {
	const { requestsALook = 1, isShared = false } = known;
	const factor = isShared ? WIDER : 1;
	const leastMs = (requestsALook - 1) * REQUEST_MS * factor;
	return Math.max(leastMs, wantedIntervalMs(pending, now, known, factor));
}

function wantedIntervalMs(
	pending: PendingJob[],
	now: number,
	{ runTimeMs, isFresh = false }: Known,
	factor: number,
): number {
	const youngestMs = pending.reduce((latest, { sinceMs }) => Math.max(latest, sinceMs), -Infinity);
	const usualMs = between(USUAL_MS, (now - youngestMs) * SHARE_OF_AGE, LONGEST_MS) * factor;
	if (runTimeMs === undefined) return usualMs;

	let readyInMs = Infinity;
	let overdueMs = Infinity;
	let youngestAgeMs = Infinity;
	for (const { sinceMs, runningSinceMs } of pending) {
		const ageMs = now - (runningSinceMs ?? sinceMs);
		youngestAgeMs = Math.min(youngestAgeMs, ageMs);
		const inMs = runTimeMs + GRACE_MS - ageMs;
		if (inMs > 0) readyInMs = Math.min(readyInMs, inMs);
		// One that has not begun to run is ready nobody knows when.
		else if (runningSinceMs !== undefined) overdueMs = Math.min(overdueMs, -inMs);
	}
	const wantedMs = isFresh
		? runTimeMs * SHARE_OF_RUN_TIME
		: Math.min(runTimeMs * SHARE_OF_RUN_TIME, youngestAgeMs * SHARE_IF_QUICKER * factor);
	const patienceMs = between(usualMs, wantedMs, LONGEST_MS * factor);
	// A look just before one is ready would only hold up the next.
	const quietMs = readyInMs < patienceMs * 1.5 ? Math.max(readyInMs, QUICK_MS) : patienceMs;
	return overdueMs === Infinity
		? quietMs
		: Math.min(quietMs, between(QUICK_MS, overdueMs * SHARE_OVERDUE, usualMs) * factor);
}

function between(leastMs: number, ms: number, mostMs: number): number {
	return Math.min(Math.max(ms, leastMs), mostMs);
}

/** What is known of the times of a job, by this machine's clock, from how it was seen last. */
export function pendingJob(
	{ acceptedAtMs, workflow }: Job,
	lastSeen: ComfyControlWorkflow,
): PendingJob {
	const startedAtMs = timeMs(lastSeen.started_at);
	if (startedAtMs === undefined) return { sinceMs: acceptedAtMs };
	// How far this clock is ahead of ComfyControl's, going by the time when the workflow was made.
	const aheadMs = acceptedAtMs - (timeMs(workflow.created_at) ?? acceptedAtMs);
	const clockAheadMs = aheadMs > 0 && aheadMs <= ANSWER_MS ? 0 : aheadMs;
	return { sinceMs: acceptedAtMs, runningSinceMs: startedAtMs + clockAheadMs };
}

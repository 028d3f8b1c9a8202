import { timeMs, type ComfyControlWorkflow } from '../api/states';
import type { Job } from './outcome';

// The first polls come quickly; after that each waits for a share of the time that has passed, so that
// a result is seen soon in proportion to how long it took.
const SHORTEST_MS = 1_200;
const SHORTEST_AFTER_A_WHILE_MS = 2_000;
const A_WHILE_MS = 20_000;
const LONGEST_MS = 15_000;
const SHARE = 0.09;

// What ComfyControl needs to note that a workflow is finished.
const GRACE_MS = 250;

/** What is known of a workflow that is not finished. */
export interface PendingJob {
	/** When it was accepted. */
	sinceMs: number;
	/** When it began to run on a runner, if it did. */
	runningSinceMs?: number;
}

/**
 * How long to wait until the next poll of workflows that are not finished, in milliseconds: some 10 %
 * of the time that the youngest has taken, or until one of them should be ready, going by how long
 * another one ran.
 *
 * @param pending the workflows that are waited for, at least one
 * @param runTimeMs how long one like them ran, if one has finished
 */
export function pollIntervalMs(
	pending: PendingJob[],
	now: number,
	runTimeMs: number | undefined,
): number {
	const ageMs = now - Math.max(...pending.map(({ sinceMs }) => sinceMs));
	const shortestMs = ageMs < A_WHILE_MS ? SHORTEST_MS : SHORTEST_AFTER_A_WHILE_MS;
	const usualMs = Math.min(Math.max(ageMs * SHARE, shortestMs), LONGEST_MS);
	if (runTimeMs === undefined) return usualMs;

	const readyInMs = pending
		.flatMap(({ runningSinceMs }) => runningSinceMs ?? [])
		.map((runningSinceMs) => runningSinceMs + runTimeMs + GRACE_MS - now)
		.filter((inMs) => inMs > 0);
	return Math.max(Math.min(usualMs, ...readyInMs), shortestMs);
}

/** What is known of the times of a job, by this machine's clock, from how it was seen last. */
export function pendingJob(
	{ acceptedAtMs, workflow }: Job,
	lastSeen: ComfyControlWorkflow,
): PendingJob {
	const startedAtMs = timeMs(lastSeen.started_at);
	if (startedAtMs === undefined) return { sinceMs: acceptedAtMs };
	// How far this clock is ahead of ComfyControl's, going by the time when the workflow was made.
	const clockAheadMs = acceptedAtMs - (timeMs(workflow.created_at) ?? acceptedAtMs);
	return { sinceMs: acceptedAtMs, runningSinceMs: startedAtMs + clockAheadMs };
}

/** How long a finished workflow ran, in milliseconds, if that is known. */
export function runTimeOf({
	started_at: startedAt,
	completed_at: completedAt,
}: ComfyControlWorkflow): number | undefined {
	const startMs = timeMs(startedAt);
	const endMs = timeMs(completedAt);
	return startMs === undefined || endMs === undefined ? undefined : endMs - startMs;
}

import type { Jobs } from '../jobs';
import { olderRuns } from './history';
import { seededWorkflows } from './workflows';

export { otherUserId, runnerId, user } from './user';
export { othersWorkflowId, seedIds } from './workflows';

const durations = { accepted: 1000, uploaded: 2000, queued: 3000, running: 39_000 };

/** Starts the workflows that are there from the beginning, long enough ago to be finished. */
export function plantSeeds(jobs: Jobs, now: number, history: number): void {
	const seeds = seededWorkflows();
	const anHourAgo = now - 3_600_000;
	const newest = Math.max(...seeds.map(({ createdAtMs }) => createdAtMs));
	const shiftMs = Math.min(0, anHourAgo - newest);

	for (const job of [...olderRuns(history, seeds[0].createdAtMs), ...seeds]) {
		jobs.start({ ...job, createdAtMs: job.createdAtMs + shiftMs, durations });
	}
}

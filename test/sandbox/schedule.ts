import type { Job, Progress, Status } from './jobs';

/** When a job passes from state to state; `startsAt` is Infinity when it never runs. */
interface Plan {
	uploadedAt: number;
	queuedAt: number;
	startsAt: number;
	endsAt: number;
	end: Status;
}

/**
 * Where every job is at `now`. Jobs reach the runner in order of creation and take its slots first
 * come, first served. Everything is worked out anew from the clock, so that nothing has to tick.
 */
export function schedule(jobs: Job[], parallelJobs: number, now: number): Map<Job, Progress> {
	const slotFreeAt = new Array<number>(parallelJobs).fill(-Infinity);
	const progress = new Map<Job, Progress>();
	let waiting = 0;

	for (const job of jobs) {
		const slot = slotFreeAt.indexOf(Math.min(...slotFreeAt));
		const plan = planJob(job, slotFreeAt[slot]);
		if (plan.startsAt < Infinity) slotFreeAt[slot] = plan.endsAt;

		const { status, since } = stateAt(job, plan, now);
		if (status === 'queued') waiting++;
		progress.set(job, {
			status,
			updatedAtMs: since,
			startedAtMs: plan.startsAt <= now ? plan.startsAt : null,
			endedAtMs: plan.endsAt <= now ? plan.endsAt : null,
			position: positionAt(plan, status, waiting, now),
		});
	}
	return progress;
}

function planJob(job: Job, slotFreeAt: number): Plan {
	const { accepted, uploaded, queued, running } = job.durations;
	const uploadedAt = job.createdAtMs + accepted;
	const queuedAt = uploadedAt + uploaded;
	const stop = job.stop ?? { atMs: Infinity, as: 'cancelled' };
	const { status } = job.outcome;

	// ComfyUI refuses an invalid prompt instead of queueing it.
	if (status === 'invalid') {
		return { uploadedAt, queuedAt: Infinity, startsAt: Infinity, endsAt: queuedAt, end: status };
	}
	const startsAt = Math.max(queuedAt + queued, slotFreeAt);
	if (stop.atMs <= startsAt) {
		return { uploadedAt, queuedAt, startsAt: Infinity, endsAt: stop.atMs, end: stop.as };
	}
	const endsAt = startsAt + running;
	if (stop.atMs < endsAt) {
		return { uploadedAt, queuedAt, startsAt, endsAt: stop.atMs, end: stop.as };
	}
	return { uploadedAt, queuedAt, startsAt, endsAt, end: status };
}

function stateAt(job: Job, plan: Plan, now: number): { status: Status; since: number } {
	if (now >= plan.endsAt) return { status: plan.end, since: plan.endsAt };
	if (now >= plan.startsAt) return { status: 'running', since: plan.startsAt };
	if (now >= plan.queuedAt) return { status: 'queued', since: plan.queuedAt };
	if (now >= plan.uploadedAt) return { status: 'uploaded', since: plan.uploadedAt };
	return { status: 'accepted', since: job.createdAtMs };
}

function positionAt(plan: Plan, status: Status, waiting: number, now: number): number | null {
	if (now < plan.queuedAt) return null;
	return status === 'queued' ? waiting : 0;
}

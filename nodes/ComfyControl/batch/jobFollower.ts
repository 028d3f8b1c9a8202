import type { IExecuteFunctions } from 'n8n-workflow';

import { progressOf, runTimeOf, type ComfyControlWorkflow } from '../api/states';
import type { NodeError } from '../basics/nodeErrors';
import { allEnded, inParallel } from '../basics/parallel';
import { nowMs, pause } from '../basics/time';
import { isLimitShared } from '../transport/request';
import { throwIfStopped } from '../transport/ending';
import { outcomeOf, outputCollector, type Collect } from './collectOutputs';
import { timedOutJob, unreadableJob, unsuccessfulJob } from './jobErrors';
import {
	EarlyEnd,
	LeftBehind,
	type Failure,
	type FailurePolicy,
	type FollowedJob,
	type Job,
	type JobEnd,
	type Outcome,
} from './outcome';
import { pendingJob, pollIntervalMs } from './pollInterval';
import { StatusPoller, type Snapshot } from './statusPoller';

const READS_AT_ONCE = 4;

/**
 * Waits for all jobs together, and hands over their outputs. With the policy `stop` it ends with the
 * first failure.
 *
 * @returns how the jobs ended, in their order; nothing for those that were given up because of
 * another's failure
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function followJobs(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	jobs: FollowedJob[],
	collect: Collect = outputCollector(context),
): Promise<Outcome[]> {
	const early = new EarlyEnd(policy);
	const follower = new JobFollower(context, early);
	const leftBehind = new LeftBehind(context);
	try {
		const ends = await allEnded(
			jobs.map(async (job) => {
				leftBehind.add(job);
				const end = await follower.follow(job);
				return end && early.after(await outcomeOf(context, job, end, collect));
			}),
		);
		return ends.filter((end) => end !== undefined);
	} finally {
		leftBehind.logIfStopped();
	}
}

/** A job that has not ended yet. */
interface Pending {
	/** How it was seen last. */
	latest: ComfyControlWorkflow;
	onEnd(end: JobEnd | undefined): void;
	onFault(fault: unknown): void;
}

/**
 * Follows jobs until they end, from whenever each comes: all of them together, with one request a look
 * for a hundred of them.
 */
export class JobFollower {
	readonly #pending = new Map<FollowedJob, Pending>();

	readonly #poller: StatusPoller;

	#isPolling = false;

	#runTimeMs: number | undefined;

	#isRunTimeFresh = false;

	#wake = () => {};

	/** @param early says when the jobs are of no interest any more */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly early: EarlyEnd,
	) {
		this.#poller = new StatusPoller(context);
		early.signal.addEventListener('abort', () => this.#wake(), { once: true });
	}

	/**
	 * @returns how the job ended, as soon as that is seen, or undefined when it was given up before
	 * @throws ManualExecutionCancelledError when the execution is stopped
	 */
	async follow(job: FollowedJob): Promise<JobEnd | undefined> {
		this.#runTimeMs ??= job.expectedRunMs;
		return await new Promise((onEnd, onFault) => {
			this.#pending.set(job, { latest: job.workflow, onEnd, onFault });
			this.#wake();
			if (!this.#isPolling) void this.#pollWhilePending();
		});
	}

	async #pollWhilePending(): Promise<void> {
		this.#isPolling = true;
		try {
			while (this.#pending.size > 0 && !this.early.signal.aborted) {
				throwIfStopped(this.context);
				await this.#untilNextLook();
				if (!this.early.signal.aborted) await this.#look();
			}
			for (const { onEnd } of this.#pending.values()) onEnd(undefined);
		} catch (fault) {
			for (const { onFault } of this.#pending.values()) onFault(fault);
		}
		this.#pending.clear();
		this.#isPolling = false;
	}

	/** Sees how the pending jobs stand, and settles those that have ended. */
	async #look(): Promise<void> {
		throwIfStopped(this.context);
		const jobs = [...this.#pending.keys()];
		const ids = [...new Set(jobs.map(idOf))];
		const lastDeadlineMs = jobs.reduce((last, job) => Math.max(last, deadlineMs(job)), 0);
		const [{ itemIndex }] = jobs;
		const seen = await this.#poller.poll(ids, { itemIndex, untilMs: lastDeadlineMs });
		// Known before what has completed makes room for others.
		const fails = (job: FollowedJob) => isLost(job, seen.get(idOf(job))) && !isTakenUp(job);
		if (jobs.some(fails)) this.early.failed();
		await inParallel(
			[...this.#pending],
			READS_AT_ONCE,
			async ([job, pending]) => await this.#settleIfEnded(job, pending, seen.get(idOf(job))),
		);
	}

	/** Waits until the next look or the first deadline, whatever is earlier. New jobs may make it earlier. */
	async #untilNextLook(): Promise<void> {
		let nextLookMs = Infinity;
		while (!this.#isOver()) {
			nextLookMs = Math.min(nextLookMs, this.#nextLookMs());
			if (nextLookMs <= nowMs()) return;
			await this.#pause(nextLookMs - nowMs());
		}
	}

	#nextLookMs(): number {
		const now = nowMs();
		const pending = [...this.#pending];
		// Of those that something else has started nothing is known yet: they may have ended long ago.
		if (pending.some(([, { latest }]) => !latest.status)) return now;
		const intervalMs = pollIntervalMs(
			pending.map(([job, { latest }]) => pendingJob(job, latest)),
			now,
			{
				runTimeMs: this.#runTimeMs,
				isFresh: this.#isRunTimeFresh,
				requestsALook: this.#poller.requestsALook,
				isShared: isLimitShared(this.context),
			},
		);
		const firstDeadlineMs = pending.reduce(
			(first, [job]) => Math.min(first, deadlineMs(job)),
			Infinity,
		);
		return Math.min(now + intervalMs, firstDeadlineMs);
	}

	async #pause(durationMs: number): Promise<void> {
		const woken = new AbortController();
		this.#wake = () => woken.abort();
		const stop = this.context.getExecutionCancelSignal();
		stop?.addEventListener('abort', this.#wake, { once: true });
		await pause(durationMs, woken.signal);
		stop?.removeEventListener('abort', this.#wake);
		this.#wake = () => {};
	}

	#isOver(): boolean {
		return this.early.signal.aborted || (this.context.getExecutionCancelSignal()?.aborted ?? false);
	}

	async #settleIfEnded(
		job: FollowedJob,
		pending: Pending,
		snapshot: Snapshot | undefined,
	): Promise<void> {
		const news = await this.#newsOf(job, snapshot);
		if (news && 'fault' in news) {
			this.#settle(job, pending, unreadable(this.context, job, news.fault));
			return;
		}
		if (news) pending.latest = news.workflow;
		const { latest } = pending;
		const progress = progressOf(latest);
		if (progress === 'completed') {
			this.#learnFrom(latest);
			this.#settle(job, pending, { completed: latest });
		} else if (progress === 'failed' || isOverdue(job)) {
			this.#settle(job, pending, unsuccessful(this.context, job, latest));
		}
	}

	#learnFrom(completed: ComfyControlWorkflow): void {
		const runTimeMs = runTimeOf(completed);
		if (runTimeMs === undefined) return;
		this.#runTimeMs = runTimeMs;
		this.#isRunTimeFresh = true;
	}

	#settle(job: FollowedJob, { onEnd }: Pending, end: JobEnd): void {
		this.#pending.delete(job);
		onEnd(end);
	}

	/** What is new of a job: of one that did not succeed or is overdue with all details, such as why. */
	async #newsOf(job: FollowedJob, snapshot: Snapshot | undefined): Promise<Snapshot | undefined> {
		if (snapshot && 'fault' in snapshot) return snapshot;
		const isDetailed = snapshot !== undefined && 'workflow_json' in snapshot.workflow;
		if (isDetailed || !isLost(job, snapshot)) return snapshot;

		const { itemIndex } = job;
		const details = await this.#poller.read(idOf(job), { itemIndex, untilMs: nowMs() });
		return details === undefined || 'fault' in details ? snapshot : details;
	}
}

function unreadable(
	context: IExecuteFunctions,
	{ itemIndex, workflow: { id } }: Job,
	fault: NodeError,
): Failure {
	const error = unreadableJob(context.getNode(), id, fault, itemIndex);
	return { itemIndex, error, workflowId: id };
}

function unsuccessful(
	context: IExecuteFunctions,
	{ itemIndex, settings: { timeoutSeconds } }: FollowedJob,
	workflow: ComfyControlWorkflow,
): Failure {
	const node = context.getNode();
	const hasEnded = progressOf(workflow) === 'failed';
	const error = hasEnded
		? unsuccessfulJob(node, workflow, itemIndex)
		: timedOutJob(node, workflow, timeoutSeconds, itemIndex);
	return { itemIndex, error, workflowId: workflow.id, hasEnded };
}

/** Whether nothing good can come of a job any more, going by how it was seen. */
function isLost(job: FollowedJob, snapshot: Snapshot | undefined): boolean {
	if (snapshot && 'fault' in snapshot) return true;
	const progress = snapshot ? progressOf(snapshot.workflow) : 'pending';
	return progress === 'failed' || (progress === 'pending' && isOverdue(job));
}

function idOf({ workflow }: Job): string {
	return workflow.id;
}

/** What a retry took up is started again where it failed, so that this is not the end. */
function isTakenUp({ takenUpAtMs }: Job): boolean {
	return takenUpAtMs !== undefined;
}

function deadlineMs({ acceptedAtMs, takenUpAtMs, settings }: FollowedJob): number {
	return (takenUpAtMs ?? acceptedAtMs) + settings.timeoutSeconds * 1_000;
}

function isOverdue(job: FollowedJob): boolean {
	return nowMs() >= deadlineMs(job);
}

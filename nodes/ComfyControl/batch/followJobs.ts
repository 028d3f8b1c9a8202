import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { progressOf, runTimeOf, type ComfyControlWorkflow } from '../api/states';
import type { NodeError } from '../basics/nodeErrors';
import { inParallel, Semaphore } from '../basics/parallel';
import { nowMs, pause } from '../basics/time';
import { throwIfStopped } from '../transport/stopping';
import { collectOutputs } from './collectOutputs';
import { timedOutJob, unreadableJob, unsuccessfulJob } from './jobErrors';
import {
	isFailure,
	toFailure,
	type Failure,
	type FailurePolicy,
	type Job,
	type Outcome,
} from './outcome';
import { pendingJob, pollIntervalMs } from './pollInterval';
import type { WaitSettings } from './settings';
import { StatusPoller, type Snapshot } from './statusPoller';

const READS_AT_ONCE = 4;

// Files go to n8n's store as they arrive: more at once would only take more connections.
const COLLECTED_AT_ONCE = 4;

/** A job that is waited for, with what is wanted of its outputs. */
export interface FollowedJob extends Job {
	settings: WaitSettings;
	/** How long the original ran, if that is known. */
	expectedRunMs?: number;
}

/** What happens as jobs end. */
export interface FollowSteps {
	/** Called as soon as nothing more is to be seen of a job, however it ended. */
	onSettled?(job: FollowedJob): void;
	/** Makes items of a job that has completed, begun as soon as that is seen. */
	collect?(job: FollowedJob, workflow: ComfyControlWorkflow): Promise<INodeExecutionData[]>;
}

/**
 * Waits for all jobs together, with one request at a time however many they are, and hands over their
 * outputs. With the policy `stop` it ends with the first failure.
 *
 * @returns how the jobs ended, in their order; nothing for those that were given up because of
 * another's failure
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function followJobs(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	jobs: FollowedJob[],
	steps: FollowSteps = {},
): Promise<Outcome[]> {
	const following = new Following(context, jobs, steps);
	while (following.pending.length > 0 && !(policy === 'stop' && following.hasFailed)) {
		throwIfStopped(context);
		await following.poll();
		await following.pause();
	}
	throwIfStopped(context);
	return await following.ends();
}

class Following {
	pending: FollowedJob[];

	hasFailed = false;

	readonly #ends = new Map<FollowedJob, Promise<Outcome>>();

	readonly #latest: Map<FollowedJob, ComfyControlWorkflow>;

	readonly #unseen: Set<string>;

	readonly #poller: StatusPoller;

	readonly #collecting = new Semaphore(COLLECTED_AT_ONCE);

	#runTimeMs: number | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly jobs: FollowedJob[],
		private readonly steps: FollowSteps,
	) {
		this.pending = jobs;
		this.#poller = new StatusPoller(context, jobs[0]?.itemIndex ?? 0);
		this.#runTimeMs = jobs.find(({ expectedRunMs }) => expectedRunMs !== undefined)?.expectedRunMs;
		this.#latest = new Map(jobs.map((job) => [job, job.workflow]));
		// Of those that something else has started nothing is known yet.
		this.#unseen = new Set(jobs.filter(({ workflow }) => !workflow.status).map(idOf));
	}

	/** Sees how the pending jobs stand, and settles those that have ended. */
	async poll(): Promise<void> {
		const ids = [...new Set(this.pending.map(idOf))];
		const seen = await this.#poller.poll(ids, Math.max(...this.pending.map(deadlineMs)));
		for (const id of seen.keys()) this.#unseen.delete(id);
		await inParallel(
			this.pending,
			READS_AT_ONCE,
			async (job) => await this.#settleIfEnded(job, seen.get(idOf(job))),
		);
		this.pending = this.pending.filter((job) => !this.#ends.has(job));
	}

	/** Waits until the next poll, or until the first deadline. */
	async pause(): Promise<void> {
		const { pending } = this;
		// There is nothing to wait for before each was looked at once: it may have finished long ago.
		if (pending.length === 0 || pending.some((job) => this.#unseen.has(idOf(job)))) return;
		const states = pending.map((job) => pendingJob(job, this.#latestOf(job)));
		const intervalMs = pollIntervalMs(states, nowMs(), { runTimeMs: this.#runTimeMs });
		const deadlineInMs = Math.max(Math.min(...pending.map(deadlineMs)) - nowMs(), 0);
		await pause(Math.min(intervalMs, deadlineInMs), this.context.getExecutionCancelSignal());
	}

	async ends(): Promise<Outcome[]> {
		return await Promise.all(this.jobs.flatMap((job) => this.#ends.get(job) ?? []));
	}

	async #settleIfEnded(job: FollowedJob, snapshot: Snapshot | undefined): Promise<void> {
		const news = await this.#newsOf(job, snapshot);
		if (news && 'fault' in news) {
			this.#settle(job, Promise.resolve(unreadable(this.context, job, news.fault)));
			return;
		}
		if (news) this.#latest.set(job, news.workflow);
		const known = this.#latestOf(job);
		const progress = progressOf(known);
		if (progress === 'completed') {
			this.#runTimeMs = runTimeOf(known) ?? this.#runTimeMs;
			this.#settle(job, this.#collect(job, known));
		} else if (progress === 'failed' || isOverdue(job)) {
			this.#settle(job, Promise.resolve(unsuccessful(this.context, job, known)));
		}
	}

	/** What is new of a job: of one that did not succeed or is overdue with all details, such as why. */
	async #newsOf(job: FollowedJob, snapshot: Snapshot | undefined): Promise<Snapshot | undefined> {
		if (snapshot && 'fault' in snapshot) return snapshot;
		const isDetailed = snapshot !== undefined && 'workflow_json' in snapshot.workflow;
		const progress = snapshot ? progressOf(snapshot.workflow) : 'pending';
		if (isDetailed || progress === 'completed') return snapshot;
		if (progress === 'pending' && !isOverdue(job)) return snapshot;

		const details = (await this.#poller.read(idOf(job), nowMs())).get(idOf(job));
		return details === undefined || 'fault' in details ? snapshot : details;
	}

	async #collect(job: FollowedJob, workflow: ComfyControlWorkflow): Promise<Outcome> {
		const { itemIndex, settings } = job;
		const {
			collect = async () => await collectOutputs(this.context, { itemIndex, workflow }, settings),
		} = this.steps;
		return await this.#collecting
			.pass(async () => await collect(job, workflow))
			.then(
				(items): Outcome => ({ itemIndex, items }),
				(error: unknown) => toFailure(this.context, error, itemIndex, workflow.id),
			);
	}

	#settle(job: FollowedJob, end: Promise<Outcome>): void {
		this.#ends.set(job, end);
		this.steps.onSettled?.(job);
		// The end itself is awaited later: here a stopped execution is nobody's business.
		end.then(
			(settled) => (this.hasFailed ||= isFailure(settled)),
			() => {},
		);
	}

	#latestOf(job: FollowedJob): ComfyControlWorkflow {
		return this.#latest.get(job) ?? job.workflow;
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

function idOf({ workflow }: Job): string {
	return workflow.id;
}

function deadlineMs({ acceptedAtMs, settings }: FollowedJob): number {
	return acceptedAtMs + settings.timeoutSeconds * 1_000;
}

function isOverdue(job: FollowedJob): boolean {
	return nowMs() >= deadlineMs(job);
}

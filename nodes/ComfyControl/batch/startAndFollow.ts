import type { IExecuteFunctions } from 'n8n-workflow';

import type { More } from '../api/endpoint';
import type { ComfyControlWorkflow } from '../api/states';
import { addHint } from '../basics/notes';
import { allEnded, Semaphore } from '../basics/parallel';
import { nowMs } from '../basics/time';
import { MAX_REQUESTS } from '../transport/rateLimiter';
import { wasRefusedSince } from '../transport/request';
import { throwIfStopped } from '../transport/ending';
import { CancelOnStop } from './cancelOnStop';
import { outcomeOf, outputCollector, type Collect } from './collectOutputs';
import { JobFollower } from './jobFollower';
import {
	EarlyEnd,
	isFailure,
	LeftBehind,
	toFailure,
	type Failure,
	type FailurePolicy,
	type FollowedJob,
	type Job,
	type JobEnd,
	type Outcome,
	type Start,
} from './outcome';
import { allOrFailures, prepareAll } from './prepareAll';
import type { WaitSettings } from './settings';
import { StartJournal } from './startJournal';

// The API takes no more in a window. Beyond that they would only stand before everything that comes later.
const STARTS_AT_ONCE = MAX_REQUESTS;

// What keeps a line of 500 Mbit/s busy while an answer is on its way for a quarter of a second. More
// under way would only share the line, and be lost together if it breaks.
const UPLOADED_AT_ONCE_BYTES = 16_000_000;

/** How an operation starts workflows, and whether it waits for them. */
export interface BatchSteps<Plan> {
	/** Reads and checks an item's input, on its own. */
	prepare(itemIndex: number): Promise<Plan>;
	/** Checks what was read against what ComfyControl knows. Comes when all items are read. */
	check?(plan: Plan, itemIndex: number): Promise<void>;
	/** How much there is to send for the item. */
	sizeBytes(plan: Plan): number;
	/** Starts the item's workflow. */
	submit(plan: Plan, more: More): Promise<ComfyControlWorkflow>;
	/** How long the item's workflow should run, in milliseconds, if that is known. */
	expectedRunMs?(plan: Plan, itemIndex: number): Promise<number | undefined>;
	/** How many workflows are started for the item. */
	runsPerItem(itemIndex: number): number;
	/** What is wanted of the item's workflows, or undefined if they are only to be started. */
	waitSettings(itemIndex: number): WaitSettings | undefined;
}

/** A run that is ready: what is wanted of it, and what is to be started or was by an earlier attempt. */
type Ready<Plan> = Start & { settings: WaitSettings | undefined } & ({ plan: Plan } | { job: Job });

/**
 * Starts each item's workflows, mostly one, and waits for those that are to be waited for, while the rest still
 * starts. Every item is prepared before the first one is sent.
 *
 * With the policy `stop` a bad item means that nothing is sent, and the first failure, of a start or of
 * what was started, that nothing more is. With `goOn` the other items go on all the same.
 *
 * @returns what became of the items and runs that it got to, in their order
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function startAndFollow<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	steps: BatchSteps<Plan>,
): Promise<Outcome[]> {
	const begunMs = nowMs();
	const journal = new StartJournal(context);
	const cancelOnStop = new CancelOnStop(context);
	const leftBehind = new LeftBehind(context);
	try {
		const runs = await prepareRuns(context, policy, journal, steps);
		const batch = new Batch(context, policy, { journal, cancelOnStop, leftBehind, steps });
		const ends = await batch.run(runs);
		journal.close(ends, policy);
		if (wasRefusedSince(context, begunMs)) addHint(context, SHARED_LIMIT);
		return ends;
	} finally {
		await cancelOnStop.end();
		leftBehind.logIfStopped();
	}
}

const SHARED_LIMIT =
	'ComfyControl refused requests, as others at this IP address use its limit of 40 in 10 seconds too. The node went slower, and nothing was lost. Where it happens often, leave these workflows to a single n8n process.';

async function prepareRuns<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	journal: StartJournal,
	steps: BatchSteps<Plan>,
): Promise<Array<Ready<Plan> | Failure>> {
	const isSecondAttempt = journal.leftOver([]).length > 0;
	const items = await prepareAll<Array<Ready<Plan> | Failure>>(context, policy, {
		prepare: async (itemIndex) => await runsOfItem(context, journal, steps, itemIndex),
		check: async ([first], itemIndex) => {
			// All that is sent for an item is the same.
			if (first && 'plan' in first) await steps.check?.(first.plan, itemIndex);
		},
		isSecondAttempt,
	});
	const runs = items.flatMap((item) => (isFailure(item) ? item : item.plan));
	// A start whose answer an earlier attempt lost is the failure of its run alone.
	return allOrFailures(runs, policy, isSecondAttempt);
}

/** An item's runs: first those that an earlier attempt has sent, and then what is still to be sent. */
async function runsOfItem<Plan>(
	context: IExecuteFunctions,
	journal: StartJournal,
	{ prepare, check, runsPerItem, waitSettings }: BatchSteps<Plan>,
	itemIndex: number,
): Promise<Array<Ready<Plan> | Failure>> {
	const settings = waitSettings(itemIndex);
	const sent: Array<Ready<Plan> | Failure> = [];
	const unsent: Start[] = [];
	for (const start of startsOf(itemIndex, runsPerItem(itemIndex))) {
		const before = journal.sentBefore(start);
		if (before) sent.push(isFailure(before) ? before : { ...start, settings, job: before });
		else unsent.push(start);
	}
	const toSend = (plan: Plan) => unsent.map((start) => ({ ...start, settings, plan }));
	if (sent.length === 0) return toSend(await prepare(itemIndex));
	if (unsent.length === 0) return sent;
	try {
		const plan = await prepare(itemIndex);
		await check?.(plan, itemIndex);
		return [...sent, ...toSend(plan)];
	} catch (error) {
		// To go on with what has started, whatever the item's input looks like now.
		const failure = toFailure(context, error, itemIndex);
		return [...sent, ...unsent.map((start) => ({ ...failure, ...start }))];
	}
}

function startsOf(itemIndex: number, runsPerItem: number): Start[] {
	return Array.from({ length: runsPerItem }, (_, index) => ({ itemIndex, runNumber: index + 1 }));
}

interface BatchTools<Plan> {
	journal: StartJournal;
	cancelOnStop: CancelOnStop;
	leftBehind: LeftBehind;
	steps: BatchSteps<Plan>;
}

/** How far a run got before its files are fetched. Undefined when the batch ended before it was started. */
type Step = { job: FollowedJob; end: JobEnd } | Outcome | undefined;

/** The runs of one execution on their way: each is started, followed and collected. */
class Batch<Plan> {
	readonly #early: EarlyEnd;

	readonly #follower: JobFollower;

	readonly #collect: Collect;

	readonly #starts = new Semaphore(STARTS_AT_ONCE);

	readonly #uploads = new Semaphore(UPLOADED_AT_ONCE_BYTES);

	constructor(
		private readonly context: IExecuteFunctions,
		policy: FailurePolicy,
		private readonly tools: BatchTools<Plan>,
	) {
		this.#early = new EarlyEnd(policy);
		this.#follower = new JobFollower(context, this.#early);
		this.#collect = outputCollector(context);
	}

	async run(runs: Array<Ready<Plan> | Failure>): Promise<Outcome[]> {
		const unfinished = new Semaphore(workflowsAtOnce(runs));
		const ends = await allEnded(
			startedFirst(runs).map(async (run) => {
				const end = isFailure(run) ? run : await this.#outcomeOf(run, unfinished);
				return end && this.#early.after({ ...end, runNumber: run.runNumber });
			}),
		);
		const reached = ends.filter((end) => end !== undefined);
		const leftOver = this.tools.journal.leftOver(reached).map(asStarted);
		return [...reached, ...leftOver].sort(byItemAndRun);
	}

	/** @returns undefined when the batch ended before the run was started */
	async #outcomeOf(run: Ready<Plan>, unfinished: Semaphore): Promise<Outcome | undefined> {
		const step = await unfinished.pass(async () => {
			const first = await this.#startedAndFollowed(run);
			if (!isFailedOfRetried(first)) return first;
			// A person retries what has failed too, though it failed after the execution that is retried.
			this.tools.journal.forget(run);
			return await this.#startedAndFollowed(run);
		});
		// What has ended makes room for the next one before its files are there.
		if (step === undefined || !('end' in step)) return step;
		const outcome = await outcomeOf(this.context, step.job, step.end, this.#collect);
		return { ...outcome, startedWorkflowId: step.job.workflow.id };
	}

	async #startedAndFollowed(run: Ready<Plan>): Promise<Step> {
		const { settings } = run;
		const job = await this.#starts.pass(async () => await this.#start(run));
		if (job === undefined || isFailure(job)) return job;
		return settings ? await this.#followed(run, { ...job, settings }) : asStarted(job);
	}

	/** @returns undefined when the batch ended before */
	async #start(run: Ready<Plan>): Promise<Job | Failure | undefined> {
		const { context, tools } = this;
		const { itemIndex, settings } = run;
		const { signal } = this.#early;
		if (signal.aborted) return undefined;
		throwIfStopped(context);
		try {
			const job = 'job' in run ? run.job : await this.#startOnce(run);
			if (job && settings?.cancelOnStop) tools.cancelOnStop.add(job);
			else if (job) tools.leftBehind.add(job);
			return job;
		} catch (error) {
			if (signal.aborted && error === signal.reason) return undefined;
			tools.leftBehind.addIfUncertain(error, itemIndex);
			this.#early.failed();
			return toFailure(context, error, itemIndex);
		}
	}

	async #startOnce(run: Ready<Plan> & { plan: Plan }): Promise<Job | undefined> {
		const { journal, steps } = this.tools;
		const { itemIndex, plan, settings } = run;
		const more: More = {
			itemIndex,
			// What is to be cancelled must be known.
			ifStopped: settings?.cancelOnStop ? 'awaitAnswer' : undefined,
			unsentIf: this.#early.signal,
		};
		return await this.#uploads.pass(
			async () => await journal.startOnce(run, plan, async () => await steps.submit(plan, more)),
			steps.sizeBytes(plan),
		);
	}

	async #followed(run: Ready<Plan>, job: FollowedJob): Promise<Step> {
		const { cancelOnStop, leftBehind, steps } = this.tools;
		const { settings } = job;
		const expectedRunMs =
			'plan' in run ? await steps.expectedRunMs?.(run.plan, run.itemIndex) : undefined;
		const end = await this.#follower.follow({ ...job, expectedRunMs });
		if (end === undefined) return asStarted(job);
		// What was given up, but may run on, a stop still cancels.
		if ('completed' in end || end.hasEnded) cancelOnStop.done(job);
		// A stop before the others have ended hands over nothing of it.
		if ('completed' in end && settings.cancelOnStop) leftBehind.add(job);
		return { job, end };
	}
}

/** What runs already goes before what is still to be started. */
function startedFirst<Plan>(runs: Array<Ready<Plan> | Failure>): Array<Ready<Plan> | Failure> {
	return [...runs.filter((run) => 'job' in run), ...runs.filter((run) => !('job' in run))];
}

function byItemAndRun(one: Outcome, other: Outcome): number {
	return one.itemIndex - other.itemIndex || (one.runNumber ?? 0) - (other.runNumber ?? 0);
}

function workflowsAtOnce<Plan>(runs: Array<Ready<Plan> | Failure>): number {
	const wanted = runs.flatMap((run) =>
		isFailure(run) ? [] : (run.settings?.workflowsAtOnce ?? []),
	);
	return wanted.reduce((least, each) => Math.min(least, each), Infinity);
}

/** Whether it is a job of the execution that a person retries, and it has failed at ComfyControl. */
function isFailedOfRetried(step: Step): boolean {
	if (step === undefined || !('end' in step) || 'completed' in step.end) return false;
	return step.job.takenUpAtMs !== undefined && step.end.hasEnded === true;
}

/** The outcome of a run whose workflow is started and not waited for. */
function asStarted(job: Job | Failure): Outcome {
	if (isFailure(job)) return job;
	const { itemIndex, runNumber, workflow } = job;
	return { itemIndex, runNumber, items: [{ json: workflow }], startedWorkflowId: workflow.id };
}

import type { IExecuteFunctions } from 'n8n-workflow';

import type { More } from '../api/endpoint';
import type { ComfyControlWorkflow } from '../api/states';
import { inParallel } from '../basics/parallel';
import { mayHaveStarted, sentAtOf } from '../transport/errors';
import { CancelOnStop } from './cancelOnStop';
import { followJobs } from './followJobs';
import {
	isFailure,
	toFailure,
	type Failure,
	type FailurePolicy,
	type Job,
	type Outcome,
} from './outcome';
import { prepareAll, type Prepared } from './prepareAll';
import type { WaitSettings } from './settings';
import { StartJournal } from './startJournal';

// Uploads overlap, so that one's way to the API does not hold up the next. More would only need more
// memory: what limits many small starts is the API's limit of requests.
const STARTS_AT_ONCE = 4;

/** How an operation starts workflows, and whether it waits for them. */
export interface BatchSteps<Plan> {
	/** Reads and checks an item's input, on its own. */
	prepare(itemIndex: number): Promise<Plan>;
	/** Checks what was read against what ComfyControl knows. Comes when all items are read. */
	check?(plan: Plan, itemIndex: number): Promise<void>;
	/** Starts the item's workflow. */
	submit(plan: Plan, more: More): Promise<ComfyControlWorkflow>;
	/** How long the item's workflow should run, in milliseconds, if that is known. */
	expectedRunMs?(plan: Plan, itemIndex: number): Promise<number | undefined>;
	/** What is wanted of the item's workflow, or undefined if it is only to be started. */
	waitSettings(itemIndex: number): WaitSettings | undefined;
}

/** An item that is ready: what is wanted of it, and what is to be started or was by an earlier attempt. */
type Ready<Plan> = { settings: WaitSettings | undefined } & ({ plan: Plan } | { job: Job });

interface StartedJob extends Job {
	settings: WaitSettings | undefined;
	expectedRunMs?: number;
}

/**
 * Starts a workflow for each item, and waits for those that are to be waited for. Every item is prepared
 * before the first one is sent.
 *
 * With the policy `stop` a bad item means that nothing is sent, and a failed start that nothing more
 * is. With `goOn` the other items go on all the same.
 *
 * @returns what became of the items that it got to, in their order
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function startAndFollow<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	steps: BatchSteps<Plan>,
): Promise<Outcome[]> {
	const journal = new StartJournal(context);
	const cancelOnStop = new CancelOnStop(context);
	try {
		const items = await prepareItems(context, policy, journal, steps);
		const started = await startAll(context, policy, journal, steps, items, cancelOnStop);
		const ends =
			policy === 'stop' && started.some(isFailure)
				? [...started, ...journal.leftOver(started)].map(asStarted)
				: await followAll(context, policy, started, cancelOnStop);
		journal.close(ends.filter(hasEnded).map(({ itemIndex }) => itemIndex));
		return ends;
	} finally {
		await cancelOnStop.end();
	}
}

async function prepareItems<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	journal: StartJournal,
	{ prepare, check, waitSettings }: BatchSteps<Plan>,
): Promise<Array<Prepared<Ready<Plan>> | Failure>> {
	return await prepareAll<Ready<Plan>>(context, policy, {
		prepare: async (itemIndex) => {
			// What an earlier attempt has started goes on, whatever its input looks like now.
			const job = journal.sentBefore(itemIndex);
			const settings = waitSettings(itemIndex);
			return job ? { settings, job } : { settings, plan: await prepare(itemIndex) };
		},
		check: async (item, itemIndex) => {
			if ('plan' in item) await check?.(item.plan, itemIndex);
		},
		startedBefore: (itemIndex) => journal.startedBefore(itemIndex),
		isSecondAttempt: journal.leftOver([]).length > 0,
	});
}

/** Starts the items in their order, several at a time. */
async function startAll<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	journal: StartJournal,
	{ submit, expectedRunMs }: BatchSteps<Plan>,
	items: Array<Prepared<Ready<Plan>> | Failure>,
	cancelOnStop: CancelOnStop,
): Promise<Array<StartedJob | Failure>> {
	const start = async (item: Prepared<Ready<Plan>> | Failure): Promise<StartedJob | Failure> => {
		if (isFailure(item)) return item;
		const { itemIndex, plan: ready } = item;
		const { settings } = ready;
		// What is to be cancelled must be known.
		const more: More = { itemIndex, ifStopped: settings?.cancelOnStop ? 'awaitAnswer' : undefined };
		try {
			const job =
				'job' in ready
					? ready.job
					: await journal.startOnce(
							itemIndex,
							ready.plan,
							async () => await submit(ready.plan, more),
						);
			if (settings?.cancelOnStop) cancelOnStop.add(job);
			else logIfStopped(context, job);
			const isToFollow = settings !== undefined && 'plan' in ready;
			return {
				...job,
				settings,
				expectedRunMs: isToFollow ? await expectedRunMs?.(ready.plan, itemIndex) : undefined,
			};
		} catch (error) {
			logUncertainStart(context, error, itemIndex);
			return toFailure(context, error, itemIndex);
		}
	};
	const isLast = (result: StartedJob | Failure) => policy === 'stop' && isFailure(result);
	return await inParallel(items, STARTS_AT_ONCE, start, isLast);
}

/** Waits for what is to be waited for. The others have ended with their start. */
async function followAll(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	started: Array<StartedJob | Failure>,
	cancelOnStop: CancelOnStop,
): Promise<Outcome[]> {
	const toFollow = started.flatMap((job) => {
		if (isFailure(job) || job.settings === undefined) return [];
		return [{ ...job, settings: job.settings }];
	});
	const onSettled = (job: Job) => cancelOnStop.done(job);
	const followed = await followJobs(context, policy, toFollow, { onSettled });
	const ends = new Map(followed.map((outcome) => [outcome.itemIndex, outcome]));
	return started.map((job) => {
		const end = ends.get(job.itemIndex);
		if (isFailure(job) || end === undefined) return asStarted(job);
		return { ...end, startedWorkflowId: job.workflow.id };
	});
}

/** A stopped execution hands over nothing: what it started, or may have, is in n8n's log. */
function logIfStopped(context: IExecuteFunctions, { itemIndex, workflow }: Job): void {
	if (!context.getExecutionCancelSignal()?.aborted) return;
	context.logger.warn(
		`ComfyControl workflow ${workflow.id} of item ${itemIndex} was started while its execution was stopped, and goes on`,
	);
}

function logUncertainStart(context: IExecuteFunctions, error: unknown, itemIndex: number): void {
	if (!context.getExecutionCancelSignal()?.aborted) return;
	if (!(error instanceof Error) || !mayHaveStarted(error)) return;
	const sentAt = sentAtOf(error)?.toISOString() ?? 'an unknown time';
	context.logger.warn(
		`ComfyControl: the start of item ${itemIndex}, sent at ${sentAt}, was under way when the execution was stopped. Its workflow may have been started: look in ComfyControl`,
	);
}

/** Whether nothing more will come of the workflow that the item has started. */
function hasEnded(outcome: Outcome): boolean {
	return !isFailure(outcome) || outcome.hasEnded === true;
}

/** The outcome of an item whose workflow is started and not waited for. */
function asStarted(job: Job | Failure): Outcome {
	if (isFailure(job)) return job;
	const { itemIndex, workflow } = job;
	return { itemIndex, items: [{ json: workflow }], startedWorkflowId: workflow.id };
}

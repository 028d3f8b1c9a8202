import type { IExecuteFunctions } from 'n8n-workflow';

import { throwIfStopped } from '../transport/stopping';
import { nowMs, pause } from '../basics/time';
import { progressOf, type ComfyControlWorkflow } from '../api/states';
import { Lookout, type Sighting } from './statusPoller';
import { isFailure, type Failure, type FailurePolicy, type Run } from './outcome';
import { nextLookInMs, pendingRun, runTimeOf } from './pollInterval';
import { inParallel } from '../basics/parallel';
import { timedOutRun, unreadableRun, unsuccessfulRun } from './jobErrors';

const READS_AT_ONCE = 4;

/** A run that is waited for. */
export interface AwaitedRun extends Run {
	timeoutSeconds: number;
}

/** What to do with runs that are waited for. */
export interface TrackSteps<R, Result> {
	/** Called as soon as nothing more is to be seen of a run, however it ended. */
	onSettled(run: R): void;
	/** What becomes of a run that has completed, begun as soon as that is seen. */
	onCompleted(run: R, workflow: ComfyControlWorkflow): Promise<Result>;
}

/**
 * Waits for all runs together, with one request at a time however many they are. With the policy `stop`
 * it ends with the first failure.
 *
 * @returns what `onCompleted` gave, or how the run ended otherwise, in the order of the runs; nothing
 * for runs that were given up because of another's failure
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function trackRuns<R extends AwaitedRun, Result extends { itemIndex: number }>(
	context: IExecuteFunctions,
	runs: R[],
	policy: FailurePolicy,
	{ onSettled, onCompleted }: TrackSteps<R, Result>,
): Promise<Array<Result | Failure>> {
	const results = new Map<R, Promise<Result | Failure>>();
	let hasFailed = false;
	const settle = (run: R, result: Promise<Result | Failure>) => {
		results.set(run, result);
		onSettled(run);
		// The result itself is awaited at the end: here a stopped execution is nobody's business.
		result.then(
			(settled) => (hasFailed ||= isFailure(settled)),
			() => {},
		);
	};

	const lookout = new Lookout(context, runs[0]?.itemIndex ?? 0);
	const latest = new Map(runs.map((run) => [run, run.workflow]));
	// Of those that something else has started nothing is known yet.
	const unseen = new Set(runs.filter(({ workflow }) => !workflow.status).map(idOf));
	let runTimeMs: number | undefined;
	const settleIfEnded = async (run: R, sighting: Sighting | undefined) => {
		const news = await newsOf(lookout, run, sighting);
		if (news && 'fault' in news) {
			settle(run, Promise.resolve(unreadable(context, run, news.fault)));
			return;
		}
		if (news) latest.set(run, news.workflow);
		const known = latest.get(run) ?? run.workflow;
		const progress = progressOf(known);
		if (progress === 'completed') {
			runTimeMs = runTimeOf(known) ?? runTimeMs;
			settle(run, onCompleted(run, known));
		} else if (progress === 'failed' || isOverdue(run)) {
			settle(run, Promise.resolve(unsuccessful(context, run, known)));
		}
	};

	let pending = runs;
	while (pending.length > 0 && !(policy === 'stop' && hasFailed)) {
		throwIfStopped(context);
		const seen = await lookout.look(distinctIds(pending), lastDeadlineMs(pending));
		for (const id of seen.keys()) unseen.delete(id);
		await inParallel(
			pending,
			READS_AT_ONCE,
			async (run) => await settleIfEnded(run, seen.get(idOf(run))),
		);
		pending = pending.filter((run) => !results.has(run));
		// There is nothing to wait for before each was looked at once: it may have finished long ago.
		if (pending.length > 0 && !pending.some((run) => unseen.has(idOf(run)))) {
			const states = pending.map((run) => pendingRun(run, latest.get(run) ?? run.workflow));
			const lookInMs = nextLookInMs(states, nowMs(), { runTimeMs });
			const deadlineInMs = Math.max(firstDeadlineMs(pending) - nowMs(), 0);
			await pause(Math.min(lookInMs, deadlineInMs), context.getExecutionCancelSignal());
		}
	}
	throwIfStopped(context);
	return await Promise.all(runs.flatMap((run) => results.get(run) ?? []));
}

/** What is new of a run: of one that did not succeed or is overdue with all details, such as why. */
async function newsOf(
	lookout: Lookout,
	run: AwaitedRun,
	sighting: Sighting | undefined,
): Promise<Sighting | undefined> {
	if (sighting && 'fault' in sighting) return sighting;
	const isDetailed = sighting !== undefined && 'workflow_json' in sighting.workflow;
	const progress = sighting ? progressOf(sighting.workflow) : 'pending';
	if (isDetailed || progress === 'completed') return sighting;
	if (progress === 'pending' && !isOverdue(run)) return sighting;

	const details = (await lookout.read(run.workflow.id, nowMs())).get(run.workflow.id);
	return details === undefined || 'fault' in details ? sighting : details;
}

function unreadable(
	context: IExecuteFunctions,
	{ itemIndex, workflow: { id } }: AwaitedRun,
	fault: Failure['error'],
): Failure {
	const error = unreadableRun(context.getNode(), id, fault, itemIndex);
	return { itemIndex, error, workflowId: id };
}

function unsuccessful(
	context: IExecuteFunctions,
	{ itemIndex, timeoutSeconds }: AwaitedRun,
	workflow: ComfyControlWorkflow,
): Failure {
	const node = context.getNode();
	const hasEnded = progressOf(workflow) === 'failed';
	const error = hasEnded
		? unsuccessfulRun(node, workflow, itemIndex)
		: timedOutRun(node, workflow, timeoutSeconds, itemIndex);
	return { itemIndex, error, workflowId: workflow.id, hasEnded };
}

function distinctIds(runs: AwaitedRun[]): string[] {
	return [...new Set(runs.map(idOf))];
}

function idOf({ workflow }: Run): string {
	return workflow.id;
}

function deadlineMs({ acceptedAtMs, timeoutSeconds }: AwaitedRun): number {
	return acceptedAtMs + timeoutSeconds * 1_000;
}

function isOverdue(run: AwaitedRun): boolean {
	return nowMs() >= deadlineMs(run);
}

function firstDeadlineMs(runs: AwaitedRun[]): number {
	return Math.min(...runs.map(deadlineMs));
}

function lastDeadlineMs(runs: AwaitedRun[]): number {
	return Math.max(...runs.map(deadlineMs));
}

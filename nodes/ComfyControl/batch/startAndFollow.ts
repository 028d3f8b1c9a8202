import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../transport/request';
import type { ComfyControlWorkflow } from '../api/states';
import { CancelOnStop } from './cancelOnStop';
import { followRuns, type FollowedRun } from './followRuns';
import { Ledger } from './startJournal';
import { isFailure, type Failure, type FailurePolicy, type Outcome, type Run } from './outcome';
import type { PrepareSteps } from './prepareAll';
import { startRuns } from './startJobs';
import type { WaitSettings } from './waitSettings';

/** What the request that starts a workflow needs beside what was prepared. */
export type Start = Pick<ApiRequest<unknown>, 'itemIndex' | 'startsWorkflow' | 'ifStopped'>;

/** How an operation starts workflows, and whether it waits for them. */
export interface RunSteps<Plan> extends PrepareSteps<Plan> {
	/** Starts the item's workflow. */
	submit(plan: Plan, start: Start): Promise<ComfyControlWorkflow>;
	/** What is wanted of the item's workflow, or undefined if it is only to be started. */
	waitSettings(itemIndex: number): WaitSettings | undefined;
}

/**
 * Starts a workflow for each item, and waits for those that are to be waited for.
 *
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function startAndFollow<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	{ prepare, check, submit, waitSettings }: RunSteps<Plan>,
): Promise<Outcome[]> {
	const ledger = new Ledger(context);
	const cancelOnStop = new CancelOnStop(context);
	const settings = new Map<number, WaitSettings | undefined>();
	const readSettings = (itemIndex: number) => {
		if (!settings.has(itemIndex)) settings.set(itemIndex, waitSettings(itemIndex));
		return settings.get(itemIndex);
	};
	try {
		const started = await startRuns(context, policy, ledger, {
			prepare: async (itemIndex) => {
				// With the rest, so that a wrong setting is found before anything is sent.
				readSettings(itemIndex);
				return await prepare(itemIndex);
			},
			check,
			submit: async (plan, itemIndex) =>
				await submit(plan, {
					itemIndex,
					startsWorkflow: true,
					// What is to be cancelled must be known.
					ifStopped: settings.get(itemIndex)?.cancelOnStop ? 'awaitAnswer' : undefined,
				}),
			onStarted: (run) => {
				if (readSettings(run.itemIndex)?.cancelOnStop) cancelOnStop.add(run);
			},
		});
		const outcomes =
			policy === 'stop' && started.some(isFailure)
				? [...started, ...ledger.leftOver(started)].map(asStarted)
				: await waitFor(context, policy, started, readSettings, cancelOnStop);
		ledger.close(outcomes.filter(hasEnded).map(({ itemIndex }) => itemIndex));
		return outcomes;
	} finally {
		await cancelOnStop.end();
	}
}

async function waitFor(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	started: Array<Run | Failure>,
	settingsOf: RunSteps<unknown>['waitSettings'],
	cancelOnStop: CancelOnStop,
): Promise<Outcome[]> {
	const toFollow = started.flatMap((run): FollowedRun[] => {
		const settings = isFailure(run) ? undefined : settingsOf(run.itemIndex);
		if (isFailure(run) || settings === undefined) return [];
		return [{ ...run, settings, timeoutSeconds: settings.timeoutSeconds }];
	});
	const followed = await followRuns(context, policy, toFollow, (run) => cancelOnStop.done(run));
	const ends = new Map(followed.map((outcome) => [outcome.itemIndex, outcome]));
	return started.map((run) => {
		const end = ends.get(run.itemIndex);
		if (isFailure(run) || end === undefined) return asStarted(run);
		return { ...end, startedWorkflowId: run.workflow.id };
	});
}

/** Whether nothing more will come of the workflow that the item has started. */
function hasEnded(outcome: Outcome): boolean {
	return !isFailure(outcome) || outcome.hasEnded === true;
}

/** The outcome of an item whose workflow is started and not waited for. */
function asStarted(run: Run | Failure): Outcome {
	if (isFailure(run)) return run;
	const { itemIndex, workflow } = run;
	return { itemIndex, items: [{ json: workflow }], startedWorkflowId: workflow.id };
}

import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../transport/request';
import type { ComfyControlWorkflow } from '../transport/workflow';
import { CancelOnStop } from './cancelOnStop';
import { followRuns, type FollowedRun } from './followRuns';
import { Ledger } from './ledger';
import { isFailure, type Failure, type FailurePolicy, type Outcome, type Run } from './outcome';
import type { PrepareSteps } from './prepareAll';
import { startRuns } from './startRuns';
import type { WaitSettings } from './waitSettings';

/** What the request that starts a workflow needs beside what was prepared. */
export type Start = Pick<ApiRequest<unknown>, 'itemIndex' | 'startsWorkflow' | 'ifStopped'>;

/** How an operation starts workflows, and whether it waits for them. */
export interface RunSteps<Prepared> extends PrepareSteps<Prepared> {
	/** Starts the item's workflow. */
	submit(prepared: Prepared, start: Start): Promise<ComfyControlWorkflow>;
	/** What is wanted of the item's workflow, or undefined if it is only to be started. */
	waitSettings(itemIndex: number): WaitSettings | undefined;
}

/**
 * Starts a workflow for each item, and waits for those that are to be waited for.
 *
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function startAndFollow<Prepared>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	{ prepare, check, submit, waitSettings }: RunSteps<Prepared>,
): Promise<Outcome[]> {
	const ledger = new Ledger(context);
	const cancelOnStop = new CancelOnStop(context);
	try {
		const started = await startRuns(context, policy, ledger, {
			prepare: async (itemIndex) => {
				// Read with the rest, so that a wrong setting is found before anything is sent.
				const settings = waitSettings(itemIndex);
				return { settings, prepared: await prepare(itemIndex) };
			},
			check: async ({ prepared }, itemIndex) => await check?.(prepared, itemIndex),
			submit: async ({ prepared, settings }, itemIndex) =>
				await submit(prepared, {
					itemIndex,
					startsWorkflow: true,
					// What is to be cancelled must be known.
					ifStopped: settings?.cancelOnStop ? 'awaitAnswer' : undefined,
				}),
			onStarted: (run) => {
				if (waitSettings(run.itemIndex)?.cancelOnStop) cancelOnStop.add(run);
			},
		});
		const outcomes =
			policy === 'stop' && started.some(isFailure)
				? [...started, ...ledger.leftOver(started)].map(asStarted)
				: await waitFor(context, policy, started, waitSettings, cancelOnStop);
		if (!outcomes.some(isFailure)) ledger.close();
		return outcomes;
	} finally {
		await cancelOnStop.settled();
	}
}

async function waitFor(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	started: Array<Run | Failure>,
	waitSettings: RunSteps<unknown>['waitSettings'],
	cancelOnStop: CancelOnStop,
): Promise<Outcome[]> {
	const toFollow = started.flatMap((run): FollowedRun[] => {
		const settings = isFailure(run) ? undefined : waitSettings(run.itemIndex);
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

/** The outcome of an item whose workflow is started and not waited for. */
function asStarted(run: Run | Failure): Outcome {
	if (isFailure(run)) return run;
	const { itemIndex, workflow } = run;
	return { itemIndex, items: [{ json: workflow }], startedWorkflowId: workflow.id };
}

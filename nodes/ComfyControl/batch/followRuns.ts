import type { IExecuteFunctions } from 'n8n-workflow';

import type { ComfyControlWorkflow } from '../api/states';
import { collectOutputs } from './collectOutputs';
import { toFailure, type FailurePolicy, type Outcome, type Success } from './outcome';
import { Gate } from '../basics/parallel';
import { trackRuns, type AwaitedRun } from './followJobs';
import type { OutputSettings } from './waitSettings';

// Files go to n8n's store as they arrive: more at once would only take more connections.
const COLLECTED_AT_ONCE = 4;

/** A run to wait for, with what is wanted of its outputs. */
export interface FollowedRun extends AwaitedRun {
	settings: OutputSettings;
}

/**
 * Waits for the runs and hands over their outputs, each as soon as its workflow has completed.
 *
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function followRuns(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	runs: FollowedRun[],
	onSettled: (run: FollowedRun) => void = () => {},
): Promise<Outcome[]> {
	const gate = new Gate(COLLECTED_AT_ONCE);
	const onCompleted = async (
		{ itemIndex, settings }: FollowedRun,
		workflow: ComfyControlWorkflow,
	): Promise<Outcome> => {
		const collect = async () => await collectOutputs(context, { itemIndex, workflow }, settings);
		return await gate.pass(collect).then(
			(items): Success => ({ itemIndex, items }),
			(error: unknown) => toFailure(context, error, itemIndex, workflow.id),
		);
	};
	return await trackRuns(context, runs, policy, { onSettled, onCompleted });
}

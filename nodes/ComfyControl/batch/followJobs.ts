import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { ComfyControlWorkflow } from '../api/states';
import { allEnded } from '../basics/parallel';
import { outputCollector } from './collectOutputs';
import { EarlyEnd } from './earlyEnd';
import { JobFollower, type FollowedJob, type JobEnd } from './jobFollower';
import { LeftBehind } from './leftBehind';
import { toFailure, type FailurePolicy, type Outcome } from './outcome';

/** Makes items of a job that has completed. */
export type Collect = (
	job: FollowedJob,
	workflow: ComfyControlWorkflow,
) => Promise<INodeExecutionData[]>;

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

/** What a job's end is for its item: the outputs, or why there are none. */
export async function outcomeOf(
	context: IExecuteFunctions,
	job: FollowedJob,
	end: JobEnd,
	collect: Collect,
): Promise<Outcome> {
	if (!('completed' in end)) return end;
	const { itemIndex, workflow } = job;
	return await collect(job, end.completed).then(
		(items): Outcome => ({ itemIndex, items }),
		(error: unknown) => toFailure(context, error, itemIndex, workflow.id),
	);
}

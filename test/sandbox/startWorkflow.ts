import { ApiError } from './apiError';
import type { Context } from './context';
import type { NewJob, RunnerRef, SandboxWorkflow } from './jobs';
import { ownNewestFirst } from './own';
import type { ReceivedRequest } from './requestLog';
import { managedTypesOf, pickRunner, type Candidate } from './runners';

/** Starts what a request asks for, unless the tier or the runners forbid it. */
export function startWorkflow(
	context: Context,
	received: ReceivedRequest,
	newJob: Omit<NewJob, 'runner'>,
): SandboxWorkflow {
	const { jobs, switches } = context;
	const { parameterLimit, runnerAvailable } = switches;
	// No page says what is counted; here it is what the new workflow has, kept values included.
	if (parameterLimit !== null && newJob.params.length > parameterLimit) {
		throw new ApiError(403, 'Workflow parameter limit exceeded for your tier');
	}
	const runner = runnerAvailable ? pickRunner(candidates(context), newJob.tags) : undefined;
	if (!runner) throw new ApiError(400, 'No runner available with matching tags');

	const started = jobs.start({ ...newJob, runner });
	received.workflowId = started.id;
	return started;
}

/** The runners that the user has: the own ones, the oldest first, and then the managed ones. */
function candidates({ runners, managedRunners, tier }: Context): Candidate[] {
	const types = managedTypesOf(tier);
	return [
		...ownNewestFirst(runners.all()).reverse().map(candidate('user')),
		...managedRunners.filter(({ type }) => types.includes(type)).map(candidate('managed')),
	];
}

const candidate =
	(kind: RunnerRef['kind']) =>
	({ id, status, tags }: Omit<Candidate, 'ref'> & { id: string }): Candidate => ({
		ref: { kind, id },
		status,
		tags,
	});

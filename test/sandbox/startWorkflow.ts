import { ApiError } from './apiError';
import type { Context } from './context';
import type { NewJob, SandboxWorkflow } from './jobs';
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

/** The runners that the user has, the own ones first. */
function candidates({ runners, managedRunners, tier, switches }: Context): Candidate[] {
	const types = managedTypesOf(tier, switches);
	return [
		...ownNewestFirst(runners.all()).map(({ id, status, tags }) => ({
			ref: { kind: 'user' as const, id },
			status,
			tags,
		})),
		...managedRunners
			.filter(({ type }) => types.includes(type))
			.map(({ id, status, tags }) => ({ ref: { kind: 'managed' as const, id }, status, tags })),
	];
}

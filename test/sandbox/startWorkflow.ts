import { ApiError } from './apiError';
import type { Context } from './context';
import type { NewJob, SandboxWorkflow } from './jobs';
import type { ReceivedRequest } from './requestLog';

/** Starts what a request asks for, unless the tier or the runners forbid it. */
export function startWorkflow(
	{ jobs, switches }: Context,
	received: ReceivedRequest,
	newJob: NewJob,
): SandboxWorkflow {
	const { parameterLimit, runnerAvailable } = switches;
	// No page says what is counted; here it is what the new workflow has, kept values included.
	if (parameterLimit !== null && newJob.params.length > parameterLimit) {
		throw new ApiError(403, 'Workflow parameter limit exceeded for your tier');
	}
	if (!runnerAvailable) throw new ApiError(400, 'No runner available with matching tags');

	const started = jobs.start(newJob);
	received.workflowId = started.id;
	return started;
}

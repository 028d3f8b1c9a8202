import { ApiError, notFound } from './apiError';
import type { Context } from './context';
import type { SandboxWorkflow } from './jobs';
import { user } from './seeds';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The user's workflow of this id, or the documented refusal. */
export function ownWorkflow({ jobs, switches }: Context, id: string): SandboxWorkflow {
	if (!uuid.test(id)) {
		if (switches.invalidIdStatus === 404) throw notFound();
		throw new ApiError(400, 'invalid UUID format');
	}
	const workflow = jobs.find(id);
	if (!workflow) throw notFound();
	if (workflow.userId === user.id) return workflow;
	if (switches.othersWorkflowStatus === 404) throw notFound();
	throw new ApiError(403, 'insufficient permissions');
}

/** All workflows of the user, the oldest first. */
export function ownWorkflows({ jobs }: Context): SandboxWorkflow[] {
	return jobs.all().filter(({ userId }) => userId === user.id);
}

import type { FastifyInstance } from 'fastify';

import { ApiError, invalidFormat } from '../apiError';
import type { Context } from '../context';
import type { SandboxWorkflow } from '../jobs';
import { isMultipart } from '../multipart';
import { ownWorkflow } from '../ownWorkflow';
import { summary } from '../present';
import { rerunParams } from '../rerunParams';
import type { Switches } from '../switches';

/** POST /v1/workflow/{id}/rerun: starts the workflow again with new values. */
export function rerunRoute(app: FastifyInstance, context: Context): void {
	const { jobs, switches } = context;

	app.post<{ Params: { id: string } }>('/v1/workflow/:id/rerun', async (request, reply) => {
		const original = ownWorkflow(context, request.params.id);
		if (!isMultipart(request.headers)) {
			throw invalidFormat('Content-Type must be multipart/form-data');
		}
		checkOriginal(original, switches);
		const params = rerunParams(original, request.received, switches);
		checkTier(params.length, switches);
		if (!switches.runnerAvailable) {
			throw new ApiError(400, 'No runner available with matching tags');
		}

		const { userId, name, tags, workflowJson, generated } = original;
		const started = jobs.start({
			userId,
			name,
			tags,
			workflowJson,
			params,
			rerunOf: original.id,
			...(switches.generatedValues === 'kept' ? { generated } : {}),
		});
		request.received.workflowId = started.id;
		return await reply.code(switches.rerunStatus).send(summary(started, switches));
	});
}

function checkOriginal({ status }: SandboxWorkflow, { rerunOf }: Switches): void {
	if (rerunOf === 'completedOnly' && status !== 'completed') {
		throw new ApiError(400, `cannot rerun a workflow that is ${status}`);
	}
}

/** No page says what is counted; here it is what the new workflow has, kept values included. */
function checkTier(paramCount: number, { parameterLimit }: Switches): void {
	if (parameterLimit !== null && paramCount > parameterLimit) {
		throw new ApiError(403, 'Workflow parameter limit exceeded for your tier');
	}
}

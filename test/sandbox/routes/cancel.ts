import type { FastifyInstance } from 'fastify';

import { ApiError } from '../apiError';
import type { Context } from '../context';
import { ownWorkflow } from '../own';
import { checkReachable } from '../reachable';

/** POST /v1/workflow/{id}/cancel: stops a queued or running workflow. 200 and no body. */
export function cancelRoute(app: FastifyInstance, context: Context): void {
	app.post<{ Params: { id: string } }>('/v1/workflow/:id/cancel', async (request, reply) => {
		const { id, status } = ownWorkflow(context, request.params.id);
		if (status !== 'queued' && status !== 'running') {
			throw new ApiError(400, `cannot cancel a workflow that is ${status}`);
		}
		checkReachable(context.switches);
		context.jobs.cancel(id, context.switches.cancelTakesMs);
		return await reply.code(200).send();
	});
}

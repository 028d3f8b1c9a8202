import type { FastifyInstance } from 'fastify';

import { ApiError } from '../apiError';
import type { Context } from '../context';
import { formOf } from '../form';
import type { SandboxWorkflow } from '../jobs';
import { ownWorkflow } from '../own';
import { summary } from '../present';
import { rerunParams } from '../rerunParams';
import { startWorkflow } from '../startWorkflow';
import type { Switches } from '../switches';

/** POST /v1/workflow/{id}/rerun: starts the workflow again with new values. */
export function rerunRoute(app: FastifyInstance, context: Context): void {
	const { switches } = context;

	app.post<{ Params: { id: string } }>(
		'/v1/workflow/:id/rerun',
		async ({ params, received }, reply) => {
			const original = ownWorkflow(context, params.id);
			const form = formOf(received, switches);
			checkOriginal(original, switches);
			const { userId, name, tags, workflowJson } = original;
			const started = startWorkflow(context, received, {
				userId,
				name,
				tags,
				workflowJson,
				params: rerunParams(original, form, switches),
				rerunOf: original.id,
			});
			return await reply.code(switches.rerunStatus).send(summary(started, switches));
		},
	);
}

function checkOriginal({ status }: SandboxWorkflow, { rerunOf }: Switches): void {
	if (rerunOf === 'completedOnly' && status !== 'completed') {
		throw new ApiError(400, `cannot rerun a workflow that is ${status}`);
	}
}

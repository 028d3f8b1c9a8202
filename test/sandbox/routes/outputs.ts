import type { FastifyInstance } from 'fastify';

import { notFound } from '../apiError';
import type { Context } from '../context';
import { outputsOf } from '../outputs';
import { ownWorkflow } from '../own';

/** GET /v1/workflow/{id}/outputs: signed links to the files of a completed workflow. */
export function outputsRoute(app: FastifyInstance, context: Context): void {
	app.get<{ Params: { id: string } }>('/v1/workflow/:id/outputs', async ({ params }) => {
		const workflow = ownWorkflow(context, params.id);
		if (workflow.status !== 'completed') throw notFound();
		const outputs = outputsOf(workflow);
		if (outputs.length === 0 && context.switches.noOutputs === 'notFound') throw notFound();
		return outputs.map(({ id, fileName }) => ({
			id,
			workflow_id: workflow.id,
			src: context.links.sign(workflow.id, fileName),
		}));
	});
}

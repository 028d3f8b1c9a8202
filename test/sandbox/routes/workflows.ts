import type { FastifyInstance } from 'fastify';

import type { Context } from '../context';
import { statuses } from '../jobs';
import { ownNewestFirst, ownWorkflow } from '../own';
import { pageOf, statusFilter } from '../paging';
import { details, summary } from '../present';

const listedStatuses = ['completed', 'running', 'queued', 'failed', 'cancelled'];

/** GET /v1/workflow: one page of the user's workflows, and GET /v1/workflow/{id}: one of them. */
export function workflowRoutes(app: FastifyInstance, context: Context): void {
	const { jobs, switches } = context;
	const allowedStatuses = switches.statusFilter === 'allValues' ? statuses : listedStatuses;

	app.get('/v1/workflow', async ({ received: { query } }) => {
		const status = statusFilter(query, allowedStatuses, switches);
		const found = ownNewestFirst(jobs.all()).filter(
			(workflow) => status === undefined || workflow.status === status,
		);
		return {
			workflows: pageOf(found, query, switches).map((workflow) => summary(workflow, switches)),
			total: found.length,
		};
	});

	app.get<{ Params: { id: string } }>('/v1/workflow/:id', async ({ params }) =>
		details(ownWorkflow(context, params.id), context),
	);
}

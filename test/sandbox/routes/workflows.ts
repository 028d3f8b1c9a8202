import type { FastifyInstance } from 'fastify';

import { ApiError } from '../apiError';
import type { Context } from '../context';
import { ownWorkflow, ownWorkflows } from '../ownWorkflow';
import { details, summary } from '../present';
import { statuses } from '../jobs';
import type { Switches } from '../switches';

const listedStatuses = ['completed', 'running', 'queued', 'failed', 'cancelled'];

/** GET /v1/workflow: one page of the user's workflows, and GET /v1/workflow/{id}: one of them. */
export function workflowRoutes(app: FastifyInstance, context: Context): void {
	const { switches } = context;

	app.get('/v1/workflow', async ({ received: { query } }) => {
		const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER, switches);
		const perPage = wholeNumber(query, 'per_page', 10, 100, switches);
		const status = statusFilter(query.status, switches);
		const found = ownWorkflows(context)
			.reverse()
			.filter((workflow) => status === undefined || workflow.status === status);
		const first = (page - 1) * perPage;
		return {
			workflows: found.slice(first, first + perPage).map((workflow) => summary(workflow, switches)),
			total: found.length,
		};
	});

	app.get<{ Params: { id: string } }>('/v1/workflow/:id', async ({ params }) =>
		details(ownWorkflow(context, params.id), context),
	);
}

function wholeNumber(
	query: Record<string, string>,
	name: string,
	fallback: number,
	max: number,
	{ pageOutOfRange }: Switches,
): number {
	const text = query[name];
	if (text === undefined) return fallback;
	const value = Number(text);
	if (!Number.isInteger(value)) throw new ApiError(400, `${name} must be an integer`);
	if (value >= 1 && value <= max) return value;
	if (pageOutOfRange === 'clamped') return Math.min(Math.max(value, 1), max);
	throw new ApiError(400, `${name} must be between 1 and ${max}`);
}

function statusFilter(status: string | undefined, switches: Switches): string | undefined {
	if (status === undefined || switches.statusFilter === 'ignored') return undefined;
	const allowed: readonly string[] =
		switches.statusFilter === 'allValues' ? statuses : listedStatuses;
	if (!allowed.includes(status)) throw new ApiError(400, 'invalid status');
	return status;
}

import type { FastifyInstance } from 'fastify';

import { ApiError, notFound } from '../apiError';
import type { Context } from '../context';
import { checkId } from '../own';
import { pageOf } from '../paging';
import { runnerHistory } from '../present';
import {
	managedRunnerDetails,
	managedTypesOf,
	mayUseManaged,
	type ManagedRunner,
} from '../runners';

/** GET /v1/managed-runner, /v1/managed-runner/{id} and its history: what the tier has of them. */
export function managedRunnerRoutes(app: FastifyInstance, context: Context): void {
	const { switches } = context;

	app.get('/v1/managed-runner', async ({ received: { query } }) => {
		const found = accessible(context);
		return {
			runners: pageOf(found, query, switches).map(managedRunnerDetails),
			total: found.length,
		};
	});

	app.get<{ Params: { id: string } }>('/v1/managed-runner/:id', async ({ params }) =>
		managedRunnerDetails(findAccessible(context, params.id)),
	);

	app.get<{ Params: { id: string } }>('/v1/managed-runner/:id/history', async ({ params }) =>
		runnerHistory({ kind: 'managed', id: findAccessible(context, params.id).id }, context),
	);
}

/** The active ones of the tier, the newest first. */
function accessible({ managedRunners, tier }: Context): ManagedRunner[] {
	if (!mayUseManaged(tier)) {
		throw new ApiError(403, 'Managed runners require Pro or Plus tier');
	}
	const types = managedTypesOf(tier);
	return managedRunners.filter(({ type, status }) => status === 'active' && types.includes(type));
}

function findAccessible(context: Context, id: string): ManagedRunner {
	const runners = accessible(context);
	checkId(id, context.switches);
	const runner = runners.find((candidate) => candidate.id === id.toLowerCase());
	if (!runner) throw notFound();
	return runner;
}

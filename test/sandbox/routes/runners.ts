import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';

import { ApiError } from '../apiError';
import type { Context } from '../context';
import { required } from '../limits';
import { ownNewestFirst, ownRunner } from '../own';
import { pageOf, statusFilter } from '../paging';
import { runnerHistory } from '../present';
import { checkReachable } from '../reachable';
import { runnerFields } from '../runnerFields';
import { runnerDetails, runnerStatuses, type SandboxRunner } from '../runners';
import { user } from '../seeds';
import type { Switches } from '../switches';

/** POST and GET /v1/runner, GET and PUT /v1/runner/{id}: the user's own ComfyUIs. */
export function runnerRoutes(app: FastifyInstance, context: Context): void {
	const { runners, switches, now } = context;

	app.post('/v1/runner', async ({ received }, reply) => {
		const { name, endpoint, headers, tags } = runnerFields(received, switches);
		const runner: SandboxRunner = {
			id: randomUUID(),
			userId: user.id,
			name: required(name, 'name'),
			status: 'active',
			endpoint: required(endpoint, 'endpoint'),
			tags: tags ?? [],
			headers: headers ?? {},
			createdAtMs: now(),
			updatedAtMs: now(),
		};
		checkTier(context);
		return await reply.code(switches.createStatus).send(runnerDetails(runners.add(runner)));
	});

	app.get('/v1/runner', async ({ received: { query } }) => {
		const status = statusFilter(query, runnerStatuses, switches);
		const found = ownNewestFirst(runners.all()).filter(
			(runner) => status === undefined || runner.status === status,
		);
		return { runners: pageOf(found, query, switches).map(runnerDetails), total: found.length };
	});

	app.get<{ Params: { id: string } }>('/v1/runner/:id', async ({ params }) =>
		runnerDetails(ownRunner(context, params.id)),
	);

	app.put<{ Params: { id: string } }>('/v1/runner/:id', async ({ params, received }) => {
		const runner = ownRunner(context, params.id);
		const changed = { ...runner, ...runnerFields(received, switches), updatedAtMs: now() };
		return runnerDetails(runners.update(merged(runner, changed, switches)));
	});

	app.get<{ Params: { id: string } }>('/v1/runner/:id/history', async ({ params }) =>
		runnerHistory({ kind: 'user', id: ownRunner(context, params.id).id }, context),
	);

	app.post<{ Params: { id: string } }>('/v1/runner/:id/interrupt', async ({ params }, reply) => {
		const { id } = ownRunner(context, params.id);
		checkReachable(switches);
		context.jobs.interrupt({ kind: 'user', id }, switches.interrupted);
		return await reply.code(200).send();
	});
}

function merged(
	before: SandboxRunner,
	changed: SandboxRunner,
	{ runnerUpdate }: Switches,
): SandboxRunner {
	if (runnerUpdate === 'replaces') return changed;
	return {
		...changed,
		headers: { ...before.headers, ...changed.headers },
		tags: [...new Set([...before.tags, ...changed.tags])],
	};
}

function checkTier({ runners, switches: { runnerLimit } }: Context): void {
	if (runnerLimit !== null && ownNewestFirst(runners.all()).length >= runnerLimit) {
		throw new ApiError(403, 'Runner limit exceeded for your tier');
	}
}

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { ApiError, notFound } from './apiError';
import { readBody, type ReceivedBody } from './body';
import type { Context } from './context';
import { htmlPage } from './pages';
import { cancelRoute } from './routes/cancel';
import { createRoute } from './routes/create';
import { managedRunnerRoutes } from './routes/managedRunners';
import { outputsRoute } from './routes/outputs';
import { rerunRoute } from './routes/rerun';
import { runnerRoutes } from './routes/runners';
import { templateRoutes } from './routes/templates';
import { userRoute } from './routes/user';
import { workflowRoutes } from './routes/workflows';
import { watch } from './watch';

/** A token that was good once. */
export const expiredToken = 'cfc_expired_example';

declare module 'fastify' {
	interface FastifyRequest {
		bodyProblem: ReceivedBody['problem'];
	}
}

/** The API of ComfyControl, as far as its documentation tells it. */
export function apiServer(context: Context): FastifyInstance {
	const app = fastify({ forceCloseConnections: true, bodyLimit: Number.MAX_SAFE_INTEGER });
	watch(app, {
		...context,
		host: 'api',
		log: context.requests,
		admit: () => context.rateLimiter.admit(),
	});
	acceptBodies(app);
	app.addHook('preHandler', async (request, reply) => {
		if (!request.admitted) return await tooManyRequests(reply, context);
		checkToken(request, context.token);
		checkBody(request, context.switches.tooLargeStatus);
	});

	userRoute(app, context);
	workflowRoutes(app, context);
	createRoute(app, context);
	outputsRoute(app, context);
	rerunRoute(app, context);
	cancelRoute(app, context);
	templateRoutes(app, context);
	runnerRoutes(app, context);
	managedRunnerRoutes(app, context);

	app.setNotFoundHandler(async () => {
		throw notFound();
	});
	app.setErrorHandler(async (error, _request, reply) => {
		const answer = error instanceof ApiError ? error : new ApiError(500, String(error));
		if (context.switches.repeatsToken) answer.message += ` (Bearer ${context.token})`;
		return await reply.code(answer.status).send(answer.toJSON());
	});
	return app;
}

/** Reads any body into the log. Whether it is any good is judged later, after the token. */
function acceptBodies(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', async (request: FastifyRequest) => {
		const { problem, ...body } = await readBody(request.headers, request.raw);
		Object.assign(request.received, body);
		request.bodyProblem = problem;
	});
}

function checkToken(request: FastifyRequest, token: string): void {
	const [scheme, sent] = (request.headers.authorization ?? '').split(' ');
	if (sent === expiredToken) throw new ApiError(401, 'Token has expired');
	if (scheme !== 'Bearer' || sent !== token) throw new ApiError(401, 'Invalid token');
}

function checkBody({ bodyProblem }: FastifyRequest, tooLargeStatus: number): void {
	if (bodyProblem === 'tooLarge') {
		throw new ApiError(tooLargeStatus, 'File size exceeds 50MB limit');
	}
	if (bodyProblem === 'malformed') {
		throw new ApiError(400, 'Invalid parameter format: malformed body');
	}
}

/** The limit is enforced by Cloudflare, so the answer is not the API's. */
async function tooManyRequests(reply: FastifyReply, { switches, rateLimiter }: Context) {
	reply.code(429);
	if (switches.retryAfter) reply.header('retry-after', rateLimiter.secondsLeft());
	if (switches.rateLimitBody === 'json') {
		return await reply.send({ status: 429, message: 'Too Many Requests' });
	}
	return await reply
		.type('text/html; charset=UTF-8')
		.send(htmlPage(429, 'You are being rate limited'));
}

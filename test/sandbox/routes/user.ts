import type { FastifyInstance } from 'fastify';

import type { Context } from '../context';
import { user } from '../seeds';

/** GET /v1/user: whose token it is. */
export function userRoute(app: FastifyInstance, { tier, switches }: Context): void {
	app.get('/v1/user', async () => {
		const { provider, ...rest } = user;
		return { ...rest, tier, ...(switches.userProvider === 'present' ? { provider } : {}) };
	});
}

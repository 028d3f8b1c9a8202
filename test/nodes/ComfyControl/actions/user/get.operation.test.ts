import { user } from '../../../../sandbox';
import {
	itExplainsCommonErrors,
	itWorksItemByItem,
	runApart,
	stage,
	type Stage,
} from '../../../../support/stage';

const GET = { resource: 'user', operation: 'get' };

describe('getting the user', () => {
	const at: Stage = stage();

	it('hands on the answer untouched', async () => {
		const { outputs } = await at.run(GET);
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: '/v1/user', headers: { authorization: `Bearer ${at.sandbox.token}` } },
		]);
		expect(outputs[0]).toEqual([{ json: { ...user, tier: 'pro' }, pairedItem: { item: 0 } }]);
	});

	it.each(['free', 'pro', 'plus', 'enterprise'] as const)('tells the tier %s', async (tier) => {
		const { outputs } = await runApart({ tier }, GET);
		expect(outputs[0][0].json.tier).toBe(tier);
	});

	it('takes an answer without a provider, as in the documentation’s example', async () => {
		const { outputs } = await runApart({ switches: { userProvider: 'absent' } }, GET);
		expect(outputs[0][0].json).not.toHaveProperty('provider');
	});

	it.each([
		[500, { status: 500, message: 'internal server error' }, 'Internal server error'],
		[503, {}, 'ComfyControl could not process the request (HTTP 503)'],
	])('explains trouble that lasts (%d)', async (status, body, message) => {
		at.sandbox.failNext({ on: {}, kind: 'http', status, body, times: 9 });
		const { error } = await at.run(GET);
		expect(error).toMatchObject({
			httpCode: String(status),
			message,
			description: 'ComfyControl has trouble at the moment. Try again later.',
		});
		expect(at.sandbox.requests).toHaveLength(6);
	});

	itExplainsCommonErrors(at, GET, 'GET');
	itWorksItemByItem(at, GET, 'GET');
});

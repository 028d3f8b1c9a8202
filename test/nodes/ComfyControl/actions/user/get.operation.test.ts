import { user } from '../../../../sandbox';
import {
	itExplainsCommonErrors,
	itWorksItemByItem,
	runApart,
	stage,
	type Stage,
} from '../workflow/stage';

jest.mock('../../../../../nodes/ComfyControl/transport/time', () =>
	jest.requireActual('../../../../support/fastTime'),
);

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

	itExplainsCommonErrors(at, GET, 'GET');
	itWorksItemByItem(at, GET, 'GET');
});

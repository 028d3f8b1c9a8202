import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const get = (id: string) => ({
	resource: 'managedRunner',
	operation: 'get',
	managedRunnerId: byId(id),
});
const PRO = get(SEEDS.managedRunners.pro);

describe('getting a managed runner', () => {
	const at = stage();

	it('hands on the answer untouched', async () => {
		const { outputs } = await at.run(PRO);
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/managed-runner/${SEEDS.managedRunners.pro}` },
		]);
		expect(outputs[0]).toEqual([
			{
				json: {
					id: SEEDS.managedRunners.pro,
					name: 'Managed Pro',
					runner_type: 'pro',
					status: 'active',
					tags: ['production', 'batch', 'video'],
					created_at: expect.any(String),
					updated_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it.each([
		['of another tier', SEEDS.managedRunners.plus],
		['disabled', SEEDS.managedRunners.disabled],
	])('explains one that is %s (404)', async (_what, id) => {
		const { error } = await at.run(get(id));
		expect(error).toMatchObject({
			httpCode: '404',
			message: `ComfyControl has no managed runner ${id}`,
		});
	});

	it('explains a plan without managed runners (403)', async () => {
		const { error } = await runApart({ tier: 'free' }, PRO);
		expect(error).toMatchObject({
			httpCode: '403',
			message: 'Managed runners require Pro or Plus tier',
			description: expect.stringContaining('Check your plan'),
		});
	});

	itExplainsWrongIds(at, get, 'managed runner');
	itExplainsCommonErrors(at, PRO, 'GET');
	itWorksItemByItem(at, PRO, 'GET');
});

import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const getHistory = (id: string) => ({
	resource: 'managedRunner',
	operation: 'getHistory',
	managedRunnerId: byId(id),
});
const PRO = getHistory(SEEDS.managedRunners.pro);

describe('getting the history of a managed runner', () => {
	const at = stage();

	it('hands on its latest workflows, the newest first, each as an item', async () => {
		const { outputs, sandbox } = await runApart({ history: 200 }, PRO);
		expect(sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/managed-runner/${SEEDS.managedRunners.pro}/history`, query: {} },
		]);
		expect(outputs[0]).toHaveLength(10);
		expect(outputs[0].slice(0, 2)).toMatchObject([
			{
				json: { id: SEEDS.video, name: 'Video with four choices', status: 'completed' },
				pairedItem: { item: 0 },
			},
			{ json: { name: expect.stringMatching(/^Teaser/) }, pairedItem: { item: 0 } },
		]);
	});

	it('explains a plan without managed runners (403)', async () => {
		const { error } = await runApart({ tier: 'free' }, PRO);
		expect(error).toMatchObject({
			httpCode: '403',
			message: 'Managed runners require Pro or Plus tier',
		});
	});

	it('explains one of another tier (404)', async () => {
		const { error } = await at.run(getHistory(SEEDS.managedRunners.plus));
		expect(error.message).toBe(`ComfyControl has no managed runner ${SEEDS.managedRunners.plus}`);
	});

	itExplainsWrongIds(at, getHistory, 'managed runner');
	itExplainsCommonErrors(at, PRO, 'GET');
	itWorksItemByItem(at, PRO, 'GET');
});

import {
	itExplainsCommonErrors,
	itReadsAList,
	itWorksItemByItem,
	runApart,
	stage,
} from '../../../../support/stage';

const GET_ALL = { resource: 'managedRunner', operation: 'getAll' };

describe('getting many managed runners', () => {
	const at = stage();

	it.each([
		['pro', ['Managed Pro']],
		['plus', ['Managed Pro', 'Managed Plus']],
	] as const)('hands on those of the tier %s', async (tier, names) => {
		const { outputs, sandbox } = await runApart({ tier }, GET_ALL);
		expect(outputs[0].map(({ json }) => json.name)).toEqual(names);
		expect(outputs[0][0]).toMatchObject({ json: { runner_type: 'pro' }, pairedItem: { item: 0 } });
		expect(sandbox.requests).toMatchObject([{ method: 'GET', path: '/v1/managed-runner' }]);
	});

	it('explains a plan without managed runners (403)', async () => {
		const { error } = await runApart({ tier: 'free' }, GET_ALL);
		expect(error).toMatchObject({
			httpCode: '403',
			message: 'Managed runners require Pro or Plus tier',
			description: expect.stringContaining('Check your plan'),
		});
	});

	itReadsAList(at, GET_ALL, { path: '/v1/managed-runner', listKey: 'runners' });
	itExplainsCommonErrors(at, GET_ALL, 'GET');
	itWorksItemByItem(at, GET_ALL, 'GET');
});

import {
	itExplainsCommonErrors,
	itReadsAList,
	itWorksItemByItem,
	runApart,
	stage,
} from '../../../../support/stage';

const GET_ALL = { resource: 'runner', operation: 'getAll' };

describe('getting many runners', () => {
	const at = stage();

	it('hands on the newest first, without the values of their headers', async () => {
		const { outputs } = await at.run(GET_ALL);
		expect(outputs[0]).toMatchObject([
			{ json: { name: 'Old Workstation', headers: {} }, pairedItem: { item: 0 } },
			{ json: { name: 'Video Machine', headers: {} }, pairedItem: { item: 0 } },
			{
				json: { name: 'Production GPU Runner', headers: { Authorization: '***' } },
				pairedItem: { item: 0 },
			},
		]);
		expect(JSON.stringify(outputs)).not.toContain('secret_token');
	});

	it('shows the values when they are wanted', async () => {
		const { outputs } = await at.run({ ...GET_ALL, options: { showHeaderValues: true } });
		expect(outputs[0][2].json.headers).toEqual({ Authorization: 'Bearer secret_token' });
	});

	it.each([
		['active', ['Video Machine', 'Production GPU Runner']],
		['disabled', ['Old Workstation']],
	])('filters them by the status %s', async (status, names) => {
		const { outputs } = await at.run({ ...GET_ALL, filters: { status } });
		expect(outputs[0].map(({ json }) => json.name)).toEqual(names);
		expect(at.sandbox.requests).toMatchObject([{ query: { status, page: '1', per_page: '100' } }]);
	});

	it('works where there is no filter', async () => {
		const filtered = { ...GET_ALL, filters: { status: 'disabled' } };
		const { outputs } = await runApart({ switches: { statusFilter: 'ignored' } }, filtered);
		expect(outputs[0]).toHaveLength(3);
	});

	it('explains a status that there is none of (400)', async () => {
		const { error } = await at.run({ ...GET_ALL, filters: { status: '={{ "inactive" }}' } });
		expect(error).toMatchObject({
			httpCode: '400',
			message: 'Invalid status',
			description: 'Check what you entered against the sentence above.',
		});
	});

	itReadsAList(at, GET_ALL, { path: '/v1/runner', listKey: 'runners' });
	itExplainsCommonErrors(at, GET_ALL, 'GET');
	itWorksItemByItem(at, GET_ALL, 'GET');
});

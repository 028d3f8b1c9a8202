import {
	itExplainsCommonErrors,
	itReadsAList,
	itWorksItemByItem,
	stage,
} from '../../../../support/stage';

const GET_ALL = { resource: 'template', operation: 'getAll' };

describe('getting many templates', () => {
	const at = stage();

	it('hands on the newest first, untouched', async () => {
		const { outputs } = await at.run(GET_ALL);
		expect(at.sandbox.requests).toMatchObject([{ method: 'GET', path: '/v1/template' }]);
		const about = { user_id: expect.any(String), description: expect.any(String) };
		const times = { created_at: expect.any(String), updated_at: expect.any(String) };
		expect(outputs[0]).toEqual(
			['Text to Image', 'Short Video'].map((name) => ({
				json: { id: expect.any(String), name, ...about, ...times },
				pairedItem: { item: 0 },
			})),
		);
	});

	itReadsAList(at, GET_ALL, { path: '/v1/template', listKey: 'templates' });
	itExplainsCommonErrors(at, GET_ALL, 'GET');
	itWorksItemByItem(at, GET_ALL, 'GET');
});

import {
	itExplainsCommonErrors,
	itReadsAList,
	itWorksItemByItem,
	rows,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const GET_ALL = { resource: 'workflow', operation: 'getAll' };

describe('getting many workflows', () => {
	const at = stage({ history: 300 });
	const mine = () => at.sandbox.workflows.filter(({ name }) => !name.startsWith('Somebody'));

	it('reads all of a long history with Return All, the newest first', async () => {
		const { outputs } = await at.run({ ...GET_ALL, returnAll: true });
		expect(outputs[0]).toHaveLength(305);
		expect(outputs[0].map(({ json }) => json.id)).toEqual(
			mine()
				.map(({ id }) => id)
				.reverse(),
		);
		expect(at.sandbox.requests).toMatchObject(
			['1', '2', '3', '4'].map((page) => ({
				method: 'GET',
				path: '/v1/workflow',
				query: { page, per_page: '100' },
			})),
		);
	});

	it('hands on each entry untouched', async () => {
		const { outputs } = await at.run({ ...GET_ALL, limit: 1 });
		expect(outputs[0]).toEqual([
			{
				json: {
					id: SEEDS.textToImage,
					name: 'Text to Image Generation',
					status: 'completed',
					tags: ['production', 'text2img'],
					created_at: expect.any(String),
					updated_at: expect.any(String),
					started_at: expect.any(String),
					completed_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('takes the limit of each item', async () => {
		const parameters = { ...GET_ALL, limit: '={{ $json.limit }}' };
		const { outputs } = await at.run(parameters, {
			items: rows({ limit: 2 }, { limit: 101 }, { limit: '3' }, { limit: 1.9 }),
		});
		const counts = [0, 1, 2, 3].map(
			(item) =>
				outputs[0].filter(({ pairedItem }) => JSON.stringify(pairedItem) === `{"item":${item}}`)
					.length,
		);
		expect(counts).toEqual([2, 101, 3, 1]);
	});

	it.each([0, '', null, 'many'])('refuses %j as the limit', async (limit) => {
		const parameters = { ...GET_ALL, limit: '={{ $json.limit }}' };
		const { error } = await at.run(parameters, { items: rows({ limit }) });
		expect(error.message).toBe("'Limit' is not a number of at least 1");
		expect(at.sandbox.requests).toEqual([]);
	});

	it('takes Return All as a text, as a sheet gives it', async () => {
		const parameters = { ...GET_ALL, returnAll: '={{ "TRUE" }}' };
		const { outputs } = await at.run(parameters);
		expect(outputs[0]).toHaveLength(mine().length);
	});

	it.each(['completed', 'running', 'queued', 'failed', 'cancelled'])(
		'filters them by the status %s',
		async (status) => {
			const { outputs } = await at.run({ ...GET_ALL, returnAll: true, filters: { status } });
			const wanted = mine().filter((workflow) => workflow.status === status);
			expect((outputs[0] ?? []).map(({ json }) => json.id)).toEqual(
				wanted.map(({ id }) => id).reverse(),
			);
			expect(at.sandbox.requests[0].query).toEqual({ status, page: '1', per_page: '100' });
		},
	);

	it('explains a status that can’t be filtered by (400)', async () => {
		const filtered = { ...GET_ALL, filters: { status: '={{ "invalid" }}' } };
		const { error } = await at.run(filtered);
		expect(error).toMatchObject({ httpCode: '400', message: 'Invalid status' });
		const switches = { statusFilter: 'allValues' } as const;
		expect((await runApart({ switches }, filtered)).run.status).toBe('success');
	});
});

describe('getting many workflows, like any list,', () => {
	const at = stage();
	itReadsAList(at, GET_ALL, { path: '/v1/workflow', listKey: 'workflows' });
	itExplainsCommonErrors(at, GET_ALL, 'GET');
	itWorksItemByItem(at, GET_ALL, 'GET');
});

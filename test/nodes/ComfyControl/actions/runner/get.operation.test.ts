import { othersRunnerId } from '../../../../sandbox';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	SEEDS,
	stage,
} from '../../../../support/stage';

const get = (id: string, options = {}) => ({
	resource: 'runner',
	operation: 'get',
	runnerId: byId(id),
	options,
});
const MAIN = get(SEEDS.runners.main);

describe('getting a runner', () => {
	const at = stage();

	it.each([
		['without the values of its headers', {}, '***'],
		['without them when they are not wanted', { showHeaderValues: false }, '***'],
		['with them when they are wanted', { showHeaderValues: true }, 'Bearer secret_token'],
		['with them when a text says so', { showHeaderValues: '={{ "true" }}' }, 'Bearer secret_token'],
		['without them when a text says so', { showHeaderValues: '={{ "false" }}' }, '***'],
		['without them when a text says neither', { showHeaderValues: '={{ "show" }}' }, '***'],
	])('hands on the answer %s', async (_how, options, value) => {
		const { outputs } = await at.run(get(SEEDS.runners.main, options));
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/runner/${SEEDS.runners.main}` },
		]);
		expect(outputs[0]).toEqual([
			{
				json: {
					id: SEEDS.runners.main,
					user_id: expect.any(String),
					name: 'Production GPU Runner',
					status: 'active',
					endpoint: 'https://my-comfy.example.com',
					tags: [],
					headers: { Authorization: value },
					created_at: expect.any(String),
					updated_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('takes a runner whose headers are missing', async () => {
		const body = { id: SEEDS.runners.main, headers: null };
		at.sandbox.failNext({ on: {}, kind: 'http', status: 200, body });
		const { outputs } = await at.run(MAIN);
		expect(outputs[0][0].json).toEqual(body);
	});

	it('finds the ID at the end of an address', async () => {
		const { outputs } = await at.run(
			get(`https://comfycontrol.app/runners/${SEEDS.runners.tagged}`),
		);
		expect(outputs[0][0].json.name).toBe('Video Machine');
	});

	itExplainsWrongIds(at, get, 'runner', othersRunnerId);
	itExplainsCommonErrors(at, MAIN, 'GET');
	itWorksItemByItem(at, MAIN, 'GET');
});

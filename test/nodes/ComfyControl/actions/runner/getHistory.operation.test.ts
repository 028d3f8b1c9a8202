import { othersRunnerId } from '../../../../sandbox';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	SEEDS,
	stage,
} from '../../../../support/stage';

const getHistory = (id: string) => ({
	resource: 'runner',
	operation: 'getHistory',
	runnerId: byId(id),
});
const MAIN = getHistory(SEEDS.runners.main);

describe('getting the history of a runner', () => {
	const at = stage({ history: 30 });

	it('hands on its latest workflows, the newest first, each as an item', async () => {
		const { outputs } = await at.run(MAIN);
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/runner/${SEEDS.runners.main}/history`, query: {} },
		]);
		const newestFirst = at.sandbox.workflows
			.filter(({ runner, name }) => runner.id === SEEDS.runners.main && !name.startsWith('Some'))
			.reverse();
		expect(outputs[0].map(({ json }) => json.id)).toEqual(
			newestFirst.slice(0, 10).map(({ id }) => id),
		);
		expect(outputs[0][0]).toEqual({
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
		});
	});

	it('gives no items for a runner that has run nothing', async () => {
		const { outputs, run } = await at.run(getHistory(SEEDS.runners.disabled));
		expect([run.status, outputs[0] ?? []]).toEqual(['success', []]);
	});

	itExplainsWrongIds(at, getHistory, 'runner', othersRunnerId);
	itExplainsCommonErrors(at, MAIN, 'GET');
	itWorksItemByItem(at, MAIN, 'GET');
});

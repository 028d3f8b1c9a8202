import { othersTemplateId } from '../../../../sandbox';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const get = (id: string, more = {}) => ({
	resource: 'template',
	operation: 'get',
	templateId: byId(id),
	...more,
});
const VIDEO = get(SEEDS.templates.video);

describe('getting a template', () => {
	const at = stage();

	it.each([
		['without its large JSON', {}, false],
		['untouched with Simplify off', { simplify: false }, true],
	])('hands on the answer %s', async (_how, more, hasBody) => {
		const { outputs } = await at.run(get(SEEDS.templates.video, more));
		const template = at.sandbox.templates.find(({ id }) => id === SEEDS.templates.video);
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/template/${SEEDS.templates.video}` },
		]);
		expect(outputs[0]).toEqual([
			{
				json: {
					id: SEEDS.templates.video,
					user_id: expect.any(String),
					name: 'Short Video',
					description: expect.any(String),
					...(hasBody && { body: template?.body.value }),
					created_at: expect.any(String),
					updated_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('takes an ID that is no UUID, as in the documentation’s examples', async () => {
		const id = 't1e2a3b4-lc6d-4e7f-8091-a2b3c4d5e6f7';
		const { outputs, sandbox } = await runApart({ switches: { templateIds: 'notHex' } }, get(id));
		expect(sandbox.requests.map(({ path }) => path)).toEqual([`/v1/template/${id}`]);
		expect([sandbox.seeds.templates.textToImage, outputs[0]?.[0].json.id]).toEqual([id, id]);
	});

	itExplainsWrongIds(at, get, 'template', othersTemplateId);
	itExplainsCommonErrors(at, VIDEO, 'GET');
	itWorksItemByItem(at, VIDEO, 'GET');
});

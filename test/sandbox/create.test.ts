import { formOf, jsonFile, trial, valueAt, type Fields, type Trial } from './testkit';

const definition = {
	'1': { class_type: 'LoadImage', inputs: { image: '$file(photo)' } },
	'2': { class_type: 'CLIPTextEncode', inputs: { text: '$text(prompt)', clip: ['9', 1] } },
	'3': { class_type: 'CLIPTextEncode', inputs: { text: '$text(style, oil, on canvas)' } },
	'4': {
		class_type: 'KSampler',
		inputs: { seed: '$random()', sampler_name: '$choice(sampler, euler, ddim)', steps: 20 },
	},
	'5': { class_type: 'SaveImage', inputs: { filename_prefix: '$timestamp()', images: ['4', 0] } },
};

const photo = new File(['bytes'], 'photo.png', { type: 'image/png' });

const everything = (): Fields => ({
	name: 'My workflow',
	workflow_json: jsonFile(definition),
	tags: 'production,gpu-a100',
	$photo: photo,
	$prompt: 'a fox',
	$style: 'pencil',
	'#sampler': 'ddim',
});

const without = (field: string) =>
	Object.fromEntries(Object.entries(everything()).filter(([name]) => name !== field));

const create = async ({ post }: Trial, fields: Fields) =>
	await post('/v1/workflow', formOf(fields));

describe('POST /v1/workflow', () => {
	it('answers the summary of the new workflow, accepted and not started [W-CREATE]', async () => {
		const bench = await trial();
		const { status, json } = await create(bench, everything());
		expect(status).toBe(201);
		expect(json).toEqual({
			id: expect.stringMatching(/^[\da-f-]{36}$/),
			name: 'My workflow',
			status: 'accepted',
			tags: ['production', 'gpu-a100'],
			created_at: '2024-06-01T12:00:00.000Z',
			updated_at: '2024-06-01T12:00:00.000Z',
			started_at: null,
			completed_at: null,
		});
		expect(bench.sandbox.requests[0].workflowId).toBe(valueAt(json, 'id'));
	});

	it('keeps the definition and the values of this execution [W-GET]', async () => {
		const bench = await trial();
		const id = valueAt((await create(bench, everything())).json, 'id');
		const { json } = await bench.get(`/v1/workflow/${id}`);
		expect(valueAt(json, 'workflow_json')).toEqual(definition);
		expect(valueAt(json, 'workflow_params')).toEqual([
			['$file(photo)', 'photo.png'],
			['$text(prompt)', 'a fox'],
			['$text(style)', 'pencil'],
			['#choice(sampler)', 'ddim'],
		]);
	});

	it('runs it to its outputs, and it can be rerun [W-CREATE] [W-OUT] [W-RERUN]', async () => {
		const bench = await trial();
		const id = valueAt((await create(bench, everything())).json, 'id');
		bench.clock.ms += 500;
		expect(valueAt((await bench.get(`/v1/workflow/${id}/outputs`)).json, '0.workflow_id')).toBe(id);
		const rerun = await bench.post(`/v1/workflow/${id}/rerun`, formOf({ $prompt: 'a dog' }));
		expect(rerun).toMatchObject({ status: 200, json: { name: 'My workflow' } });
		expect(bench.sandbox.workflows.at(-1)?.params.map(({ value }) => value)).toEqual([
			'photo.png',
			'a dog',
			'pencil',
			'ddim',
		]);
	});

	it('needs no tags, and no parameters when the definition has none [W-CREATE]', async () => {
		const bench = await trial();
		const workflow_json = jsonFile({ '1': { class_type: 'SaveImage', inputs: {} } });
		const { status, json } = await create(bench, { name: 'Plain', workflow_json });
		expect([status, valueAt(json, 'tags')]).toEqual([201, []]);
	});

	it.each(['a', 'n'.repeat(200), '猫'.repeat(200)])(
		'takes a name of 1 to 200 characters: %.10s [W-CREATE]',
		async (name) => {
			const bench = await trial();
			const { status, json } = await create(bench, { ...everything(), name });
			expect([status, valueAt(json, 'name')]).toEqual([201, name]);
		},
	);

	it.each([
		['no name', without('name'), 'name is required'],
		['an empty name', { ...everything(), name: '' }, 'name cannot be empty'],
		['a long name', { ...everything(), name: 'n'.repeat(201) }, 'name cannot be longer than 200'],
		['a file as name', { ...everything(), name: photo }, 'name must be text'],
		['tags in a file', { ...everything(), tags: photo }, 'tags must be text'],
		['no workflow_json', without('workflow_json'), 'workflow_json is required'],
		['no JSON', { ...everything(), workflow_json: jsonFile('{"1":') }, 'invalid JSON'],
		['an array', { ...everything(), workflow_json: jsonFile([]) }, 'invalid JSON'],
		['no nodes', { ...everything(), workflow_json: jsonFile({}) }, 'API format'],
		['no file for $file', without('$photo'), 'missing parameter $photo'],
		['no text without default', without('$prompt'), 'missing parameter $prompt'],
		['a text for a file', { ...everything(), $photo: 'words' }, '$photo must be a file'],
		['a file for a text', { ...everything(), $prompt: photo }, '$prompt must be text'],
		['no such option', { ...everything(), '#sampler': 'heun' }, '#sampler must be one of'],
		['an unknown name', { ...everything(), $colour: 'red' }, 'unknown parameter $colour'],
	])('refuses %s with 400 and starts nothing [W-CREATE] [ERR]', async (_case, fields, message) => {
		const bench = await trial();
		const before = bench.sandbox.workflows.length;
		const { json } = await create(bench, fields);
		expect(json).toEqual({ status: 400, message: expect.stringContaining(message) });
		expect(bench.sandbox.workflows).toHaveLength(before);
	});

	it('refuses a body that is no form with 400: the content type is required [W-CREATE]', async () => {
		const { send } = await trial();
		const json = { name: 'My workflow', workflow_json: definition };
		expect((await send('POST', '/v1/workflow', json)).status).toBe(400);
		expect((await send('POST', '/v1/workflow')).status).toBe(400);
	});

	it('refuses more than 50 MB in one request [API] [W-CREATE]', async () => {
		const bench = await trial();
		const big = new File([Buffer.alloc(50 * 1024 * 1024)], 'photo.png');
		const { json } = await create(bench, { ...everything(), $photo: big });
		expect(json).toEqual({ status: 400, message: 'File size exceeds 50MB limit' });
	});

	it('needs a runner with matching tags, and a tier that allows its parameters', async () => {
		const lonely = await create(
			await trial({ switches: { runnerAvailable: false } }),
			everything(),
		);
		expect(lonely.json).toEqual({ status: 400, message: 'No runner available with matching tags' });
		const small = await create(await trial({ switches: { parameterLimit: 3 } }), everything());
		expect(small).toMatchObject({ status: 403, json: { status: 403 } });
	});

	it('is guarded by the token [W-CREATE]', async () => {
		const { sandbox } = await trial();
		const body = formOf(everything());
		const answer = await fetch(`${sandbox.apiUrl}/v1/workflow`, { method: 'POST', body });
		expect(answer.status).toBe(401);
	});
});

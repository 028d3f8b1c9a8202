import { expiredToken, othersWorkflowId } from './index';
import { machineClock } from './clock';
import { answerTo, textAt, trial, valueAt } from './testkit';

const unauthorized = { status: 401, message: 'Invalid token' };

describe('authentication', () => {
	it.each([
		['no header', undefined],
		['another scheme', 'Basic cfc_sandbox_example'],
		['an unknown token', 'Bearer cfc_other_example'],
		['no token', 'Bearer '],
	])('refuses %s with 401 [AUTH] [ERR]', async (_case, authorization) => {
		const { get } = await trial();
		const answer = await get('/v1/user', authorization === undefined ? {} : { authorization });
		expect(answer).toMatchObject({ status: 401, json: unauthorized });
	});

	it('says that a token has expired [ERR]', async () => {
		const { get } = await trial();
		const answer = await get('/v1/user', { authorization: `Bearer ${expiredToken}` });
		expect(answer.json).toEqual({ status: 401, message: 'Token has expired' });
	});

	it.each(['', '/outputs'])('guards a workflow%s too [W-GET] [W-OUT]', async (suffix) => {
		const { get, sandbox } = await trial();
		const answer = await get(`/v1/workflow/${sandbox.seeds.textToImage}${suffix}`, {});
		expect(answer.status).toBe(401);
	});

	it('starts nothing without a token [W-RERUN]', async () => {
		const { sandbox } = await trial();
		const url = `${sandbox.apiUrl}/v1/workflow/${sandbox.seeds.textToImage}/rerun`;
		const answer = await answerTo(fetch(url, { method: 'POST', body: new FormData() }));
		expect(answer).toMatchObject({ status: 401, json: unauthorized });
		expect(sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null)).toEqual([]);
	});
});

describe('GET /v1/user', () => {
	it('tells who it is and the tier [U-GET]', async () => {
		const { get } = await trial();
		expect(await get('/v1/user')).toMatchObject({
			status: 200,
			json: { name: 'John Doe', email: 'john@example.com', deleted: false, tier: 'pro' },
		});
	});

	it.each(['free', 'pro', 'plus', 'enterprise'] as const)(
		'can be of tier %s [U-GET]',
		async (tier) => {
			const { get } = await trial({ tier });
			expect(valueAt((await get('/v1/user')).json, 'tier')).toBe(tier);
		},
	);
});

describe('GET /v1/workflow', () => {
	it('lists summaries, newest first, with the total [W-LIST]', async () => {
		const { get, started, sandbox, clock } = await trial();
		clock.ms += 1000;
		const first = await started();
		clock.ms += 1000;
		const second = await started();
		const { json } = await get('/v1/workflow');
		expect(valueAt(json, 'total')).toBe(7);
		expect([0, 1, 2].map((i) => valueAt(json, `workflows.${i}.id`))).toEqual([
			second,
			first,
			sandbox.seeds.textToImage,
		]);
		expect(Object.keys(Object(valueAt(json, 'workflows.0')))).toEqual([
			'id',
			'name',
			'status',
			'tags',
			'created_at',
			'updated_at',
			'started_at',
			'completed_at',
		]);
	});

	it('pages by page and per_page, 10 by default [API] [W-LIST]', async () => {
		const { get, started } = await trial();
		for (let i = 0; i < 11; i++) await started();
		const sizeOf = async (query: string) => {
			const { json } = await get(`/v1/workflow${query}`);
			expect(valueAt(json, 'total')).toBe(16);
			return Object.values(Object(valueAt(json, 'workflows'))).length;
		};
		expect(await sizeOf('')).toBe(10);
		expect(await sizeOf('?page=2')).toBe(6);
		expect(await sizeOf('?page=3')).toBe(0);
		expect(await sizeOf('?per_page=100')).toBe(16);
	});

	it('filters by status [W-LIST]', async () => {
		const { get, started, clock } = await trial();
		const id = await started();
		clock.ms += 200;
		const { json } = await get('/v1/workflow?status=running');
		expect(json).toMatchObject({ total: 1, workflows: [{ id, status: 'running' }] });
	});

	it.each(['per_page=0', 'per_page=101', 'page=0', 'page=x', 'status=sleeping'])(
		'refuses %s [ERR]',
		async (query) => {
			const { get } = await trial();
			expect((await get(`/v1/workflow?${query}`)).status).toBe(400);
		},
	);

	it('shows nobody else’s workflows [ERR]', async () => {
		const { get } = await trial();
		expect((await get('/v1/workflow?per_page=100')).text).not.toContain(othersWorkflowId);
	});
});

describe('GET /v1/workflow/{id}', () => {
	it('tells everything about a finished workflow [W-GET]', async () => {
		const { get, sandbox } = await trial();
		const { status, json } = await get(`/v1/workflow/${sandbox.seeds.textToImage}`);
		expect(status).toBe(200);
		expect(json).toMatchObject({
			id: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
			user_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
			name: 'Text to Image Generation',
			status: 'completed',
			managed_runner_id: null,
			tags: ['production', 'text2img'],
			error_node: null,
			exception_type: null,
			exception_message: null,
			created_at: '2024-01-15T10:30:00.000Z',
			completed_at: '2024-01-15T10:30:45.000Z',
		});
		expect(valueAt(json, 'workflow_params')).toEqual([
			['#choice(sampler)', 'euler_ancestral'],
			['$text(prompt)', 'A beautiful sunset over mountains'],
			['$text(negative_prompt)', 'blurry, low quality'],
			['$file(input_image)', 'sketch.png'],
		]);
	});

	it('holds every kind of placeholder as a whole value in API format [C-TPL]', async () => {
		const { get, sandbox } = await trial();
		const { json } = await get(`/v1/workflow/${sandbox.seeds.textToImage}`);
		const inputs = (node: string) => valueAt(json, `workflow_json.${node}.inputs`);
		expect(inputs('6')).toMatchObject({ text: '$text(prompt)' });
		expect(inputs('7')).toMatchObject({ text: '$text(negative_prompt, blurry, low quality)' });
		expect(inputs('10')).toMatchObject({ image: '$file(input_image)' });
		expect(inputs('3')).toMatchObject({
			seed: '$random()',
			sampler_name: '$choice(sampler, euler_ancestral, euler, dpm_2, ddim)',
		});
		expect(inputs('9')).toMatchObject({ filename_prefix: '$timestamp()' });
	});

	it('finds the seed finished whatever the clock says', async () => {
		const { statusOf, sandbox } = await trial({ clock: { ...machineClock, nowMs: () => 5 } });
		expect(await statusOf(sandbox.seeds.textToImage)).toBe('completed');
	});

	it.each([
		['an unknown id', '00000000-0000-4000-8000-000000000000', 404],
		['another user’s workflow', othersWorkflowId, 404],
		['an id that is no UUID', 'nonsense', 400],
	])('refuses %s [ERR] [W-GET]', async (_case, id, status) => {
		const { get, post } = await trial();
		expect(await get(`/v1/workflow/${id}`)).toMatchObject({ status, json: { status } });
		expect((await get(`/v1/workflow/${id}/outputs`)).status).toBe(status);
		expect((await post(`/v1/workflow/${id}/rerun`, new FormData())).status).toBe(status);
		expect((await post(`/v1/workflow/${id}/cancel`)).status).toBe(status);
	});
});

describe('errors', () => {
	it('have the status and a message, nothing else [ERR]', async () => {
		const { get } = await trial();
		const answer = await get('/v1/workflow/00000000-0000-4000-8000-000000000000');
		expect(answer.json).toEqual({ status: 404, message: 'requested entity not found' });
		expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
	});

	it('are the same for an address that does not exist', async () => {
		const { get } = await trial();
		expect(await get('/v1/nothing')).toMatchObject({ status: 404, json: { status: 404 } });
	});
});

describe('the log', () => {
	it('keeps every request with its query, headers and answer, and forgets on reset', async () => {
		const { get, started, sandbox, clock } = await trial();
		const { requests } = sandbox;
		await get('/v1/workflow?page=1&status=running');
		const id = await started({ $prompt: 'a fox' });
		expect(requests).toMatchObject([
			{
				atMs: clock.ms,
				method: 'GET',
				path: '/v1/workflow',
				query: { page: '1', status: 'running' },
				headers: { authorization: `Bearer ${sandbox.token}` },
				status: 200,
			},
			{
				method: 'POST',
				fields: [{ name: '$prompt', value: 'a fox' }],
				status: 200,
				workflowId: id,
			},
		]);
		sandbox.reset();
		expect(requests).toEqual([]);
		expect(sandbox.workflows.map((workflow) => workflow.id)).not.toContain(id);
		expect(textAt((await get('/v1/workflow')).json, 'workflows.0.id')).toBe(
			sandbox.seeds.textToImage,
		);
	});
});

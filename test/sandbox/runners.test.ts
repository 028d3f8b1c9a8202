import { othersRunnerId } from './index';
import { formOf, jsonFile, textAt, trial, valueAt } from './testkit';

const everything = {
	name: 'My runner',
	endpoint: 'https://comfy.example.com',
	headers: { Authorization: 'Basic dXNlcjpwYXNz', 'X-Api-Key': 'secret' },
	tags: ['production', 'gpu-a100'],
};

const elevenTags = Array.from({ length: 11 }, (_, i) => `tag-${i}`);

/** What neither POST nor PUT takes. */
const refusedSettings: Array<[string, Record<string, unknown>, string]> = [
	['an empty name', { name: '' }, 'name cannot be empty'],
	['a name over 100 characters', { name: 'n'.repeat(101) }, 'name cannot be longer than 100'],
	['a name that is no text', { name: 7 }, 'name must be a string'],
	['no URL', { endpoint: 'my-comfy' }, 'invalid endpoint URL format'],
	['a URL of another kind', { endpoint: 'ftp://comfy.example.com' }, 'invalid endpoint URL format'],
	['more than 10 tags', { tags: elevenTags }, 'no more than 10 tags'],
	['tags in a string', { tags: 'production,gpu-a100' }, 'tags must be an array'],
	['headers in an array', { headers: ['Authorization'] }, 'headers must be an object'],
	['a header that is no text', { headers: { 'X-Number': 7 } }, 'invalid header X-Number'],
	['a header name with a space', { headers: { 'X Y': 'z' } }, 'invalid header X Y'],
	['a header with a line break', { headers: { 'X-Y': 'a\r\nb' } }, 'invalid header X-Y'],
];

describe('POST /v1/runner', () => {
	it('answers the runner, active, with its headers in clear text [R-CREATE]', async () => {
		const { send, sandbox } = await trial();
		const { status, json } = await send('POST', '/v1/runner', everything);
		expect(status).toBe(201);
		expect(json).toEqual({
			id: expect.stringMatching(/^[\da-f-]{36}$/),
			user_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
			status: 'active',
			...everything,
			created_at: '2024-06-01T12:00:00.000Z',
			updated_at: '2024-06-01T12:00:00.000Z',
		});
		expect(sandbox.requests[0].json).toEqual(everything);
		expect(sandbox.runners.at(-1)).toMatchObject(everything);
	});

	it('needs neither tags nor headers, and takes up to 10 tags [R-CREATE]', async () => {
		const { send } = await trial();
		const { name, endpoint } = everything;
		const bare = await send('POST', '/v1/runner', { name, endpoint });
		expect(bare).toMatchObject({ status: 201, json: { tags: [], headers: {} } });
		const settings = { name, endpoint: 'http://203.0.113.7:8188', headers: {}, tags: [] };
		expect((await send('POST', '/v1/runner', settings)).status).toBe(201);
		const tags = elevenTags.slice(1);
		expect((await send('POST', '/v1/runner', { ...everything, tags })).status).toBe(201);
	});

	it.each(['name', 'endpoint'])('needs a %s [R-CREATE]', async (field) => {
		const { send } = await trial();
		const { json } = await send('POST', '/v1/runner', { ...everything, [field]: undefined });
		expect(json).toEqual({ status: 400, message: `${field} is required` });
	});

	it.each(refusedSettings)('refuses %s with 400 [R-CREATE] [ERR]', async (_case, part, message) => {
		const { send, sandbox } = await trial();
		const before = sandbox.runners;
		const { json } = await send('POST', '/v1/runner', { ...everything, ...part });
		expect(json).toEqual({ status: 400, message: expect.stringContaining(message) });
		expect(sandbox.runners).toEqual(before);
	});

	it('takes JSON and nothing else [API] [R-CREATE]', async () => {
		const { post, send, sandbox } = await trial();
		const { name, endpoint } = everything;
		expect((await post('/v1/runner', formOf({ name, endpoint }))).status).toBe(400);
		expect((await post('/v1/runner')).status).toBe(400);
		expect((await send('POST', '/v1/runner', [everything])).status).toBe(400);
		const headers = {
			authorization: `Bearer ${sandbox.token}`,
			'content-type': 'application/json',
		};
		const url = `${sandbox.apiUrl}/v1/runner`;
		expect((await fetch(url, { method: 'POST', headers, body: '{"name":' })).status).toBe(400);
	});
});

describe('GET /v1/runner', () => {
	it('lists newest first, with the total [R-LIST]', async () => {
		const { get, sandbox } = await trial();
		const { main, tagged, disabled } = sandbox.seeds.runners;
		const { status, json } = await get('/v1/runner');
		expect(status).toBe(200);
		expect(json).toMatchObject({
			total: 3,
			runners: [
				{ id: disabled, status: 'disabled' },
				{ id: tagged, tags: ['video', 'gpu-a100'] },
				{ id: main, headers: { Authorization: 'Bearer secret_token' } },
			],
		});
	});

	it('pages, and filters by status [API] [R-LIST]', async () => {
		const { get, sandbox } = await trial();
		const { tagged, disabled } = sandbox.seeds.runners;
		const page = await get('/v1/runner?per_page=1&page=2');
		expect(page.json).toMatchObject({ total: 3, runners: [{ id: tagged }] });
		const filtered = await get('/v1/runner?status=disabled');
		expect(filtered.json).toMatchObject({ total: 1, runners: [{ id: disabled }] });
		expect(valueAt((await get('/v1/runner?status=active')).json, 'total')).toBe(2);
	});

	it('calls them active or disabled, and never inactive [R-LIST]', async () => {
		const { get } = await trial();
		expect((await get('/v1/runner?status=inactive')).status).toBe(400);
	});
});

describe('GET /v1/runner/{id}', () => {
	it('tells all of it [R-GET]', async () => {
		const { get, sandbox } = await trial();
		const { status, json } = await get(`/v1/runner/${sandbox.seeds.runners.main}`);
		expect(status).toBe(200);
		expect(json).toMatchObject({
			id: '550e8400-e29b-41d4-a716-446655440000',
			name: 'Production GPU Runner',
			status: 'active',
			endpoint: 'https://my-comfy.example.com',
			headers: { Authorization: 'Bearer secret_token' },
		});
	});
});

describe('PUT /v1/runner/{id}', () => {
	it('changes only what is sent [R-UPDATE]', async () => {
		const { send, get, sandbox, clock } = await trial();
		const path = `/v1/runner/${sandbox.seeds.runners.tagged}`;
		const before = (await get(path)).json;
		const { status, json } = await send('PUT', path, { name: 'New name' });
		expect(status).toBe(200);
		const updated_at = new Date(clock.ms).toISOString();
		expect(json).toEqual({ ...Object(before), name: 'New name', updated_at });
		expect((await get(path)).json).toEqual(json);
	});

	it('changes all of it [R-UPDATE]', async () => {
		const { send, sandbox } = await trial();
		const settings = { ...everything, status: 'disabled' };
		const path = `/v1/runner/${sandbox.seeds.runners.main}`;
		expect(await send('PUT', path, settings)).toMatchObject({ status: 200, json: settings });
	});

	it.each([
		...refusedSettings,
		['a status that is none', { status: 'inactive' }, 'invalid status'] as const,
	])('refuses %s with 400 [R-UPDATE]', async (_case, part, message) => {
		const { send, sandbox } = await trial();
		const before = sandbox.runners;
		const { json } = await send('PUT', `/v1/runner/${sandbox.seeds.runners.main}`, part);
		expect(json).toEqual({ status: 400, message: expect.stringContaining(message) });
		expect(sandbox.runners).toEqual(before);
	});
});

describe('which runner a workflow runs on', () => {
	const create = (tags: string) =>
		formOf({
			name: 'Plain',
			workflow_json: jsonFile({ '1': { class_type: 'SaveImage', inputs: {} } }),
			tags,
		});

	async function withoutMain() {
		const bench = await trial();
		const path = `/v1/runner/${bench.sandbox.seeds.runners.main}`;
		await bench.send('PUT', path, { status: 'disabled' });
		return bench;
	}

	it('is exactly one, and one without tags takes anything [W-GET] [C-RUN]', async () => {
		const { post, get, sandbox } = await trial();
		const { json } = await post('/v1/workflow', create('whatever,else'));
		expect((await get(`/v1/workflow/${valueAt(json, 'id')}`)).json).toMatchObject({
			user_runner_id: sandbox.seeds.runners.main,
			managed_runner_id: null,
		});
	});

	it('is still the first one when others are added', async () => {
		const { send, started, sandbox } = await trial();
		const { json } = await send('POST', '/v1/runner', { ...everything, tags: [] });
		await started();
		expect(sandbox.workflows.at(-1)?.runner.id).toBe(sandbox.seeds.runners.main);
		await send('PUT', `/v1/runner/${sandbox.seeds.runners.main}`, { status: 'disabled' });
		await started();
		expect(sandbox.workflows.at(-1)?.runner.id).toBe(valueAt(json, 'id'));
	});

	it('has all of its tags [C-WF]', async () => {
		const { post, sandbox } = await withoutMain();
		const runnerFor = async (tags: string) => {
			expect((await post('/v1/workflow', create(tags))).status).toBe(201);
			return sandbox.workflows.at(-1)?.runner;
		};
		const { runners, managedRunners } = sandbox.seeds;
		expect(await runnerFor('gpu-a100,video')).toEqual({ kind: 'user', id: runners.tagged });
		expect(await runnerFor('')).toEqual({ kind: 'user', id: runners.tagged });
		expect(await runnerFor('batch')).toEqual({ kind: 'managed', id: managedRunners.pro });
	});

	it.each(['Video', 'video,other', 'gpu-h100'])(
		'is none for the tags %s: 400 [W-RERUN] [API] [C-RUN]',
		async (tags) => {
			const { post } = await withoutMain();
			const { json } = await post('/v1/workflow', create(tags));
			expect(json).toEqual({ status: 400, message: 'No runner available with matching tags' });
		},
	);
});

describe('GET /v1/runner/{id}/history', () => {
	it('is a bare array of the 10 latest summaries, newest first [R-HIST]', async () => {
		const { get, started, sandbox } = await trial();
		const ids: string[] = [];
		for (let i = 0; i < 11; i++) ids.unshift(await started());
		const { status, json } = await get(`/v1/runner/${sandbox.seeds.runners.main}/history`);
		expect(status).toBe(200);
		const summaries = Object.values(Object(json));
		expect(Array.isArray(json)).toBe(true);
		expect(summaries.map((workflow) => textAt(workflow, 'id'))).toEqual(ids.slice(0, 10));
		const listed = (await get('/v1/workflow?per_page=10')).json;
		expect(json).toEqual(valueAt(listed, 'workflows'));
	});

	it('has what ran on this runner and on no other [R-HIST]', async () => {
		const { get, sandbox } = await trial();
		const historyOf = async (id: string) => {
			const { json } = await get(`/v1/runner/${id}/history`);
			return Object.values(Object(json)).map((workflow) => valueAt(workflow, 'name'));
		};
		const { main, tagged } = sandbox.seeds.runners;
		expect(await historyOf(tagged)).toEqual([]);
		expect(await historyOf(main)).toEqual([
			'Text to Image Generation',
			'Image to Image',
			'Poem to Picture',
			'No Parameters',
		]);
	});
});

describe('POST /v1/runner/{id}/interrupt', () => {
	it('stops what is running, with 200 and an empty body [R-INT]', async () => {
		const { started, post, statusOf, clock, sandbox } = await trial({ parallelJobs: 1 });
		const [running, queued] = [await started(), await started()];
		clock.ms += 200;
		const answer = await post(`/v1/runner/${sandbox.seeds.runners.main}/interrupt`);
		expect(answer).toMatchObject({ status: 200, text: '' });
		expect(await statusOf(running)).toBe('cancelled');
		expect(await statusOf(queued)).toBe('running');
		clock.ms += 300;
		expect(await Promise.all([running, queued].map(statusOf))).toEqual(['cancelled', 'completed']);
	});

	it('does not wait for a cancel that takes long [R-INT]', async () => {
		const bench = await trial({ switches: { cancelTakesMs: 200 } });
		const id = await bench.started();
		bench.clock.ms += 200;
		await bench.post(`/v1/workflow/${id}/cancel`);
		expect(await bench.statusOf(id)).toBe('running');
		await bench.post(`/v1/runner/${bench.sandbox.seeds.runners.main}/interrupt`);
		expect(await bench.statusOf(id)).toBe('cancelled');
	});

	it('leaves other runners and what has finished alone [R-INT]', async () => {
		const { started, post, statusOf, clock, sandbox } = await trial();
		const finished = await started();
		clock.ms += 450;
		const running = await started();
		clock.ms += 200;
		await post(`/v1/runner/${sandbox.seeds.runners.tagged}/interrupt`);
		expect(await statusOf(running)).toBe('running');
		await post(`/v1/runner/${sandbox.seeds.runners.main}/interrupt`);
		expect(await statusOf(finished)).toBe('completed');
	});
});

describe('runners', () => {
	it.each([
		['an unknown id', '00000000-0000-4000-8000-000000000000', 404],
		['another user’s runner', othersRunnerId, 404],
		['an id that is no UUID', 'nonsense', 400],
	])('refuse %s [ERR] [R-GET] [R-UPDATE] [R-HIST] [R-INT]', async (_case, id, status) => {
		const { get, post, send } = await trial();
		expect(await get(`/v1/runner/${id}`)).toMatchObject({ status, json: { status } });
		expect((await get(`/v1/runner/${id}/history`)).status).toBe(status);
		expect((await send('PUT', `/v1/runner/${id}`, {})).status).toBe(status);
		expect((await post(`/v1/runner/${id}/interrupt`)).status).toBe(status);
	});

	it('are guarded by the token [R-LIST] [R-GET] [R-HIST]', async () => {
		const { get, sandbox } = await trial();
		const path = `/v1/runner/${sandbox.seeds.runners.main}`;
		const answers = [
			await get('/v1/runner', {}),
			await get(path, {}),
			await get(`${path}/history`, {}),
		];
		expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
	});

	it('are the seeded ones again after a reset', async () => {
		const { get, send, sandbox } = await trial();
		const before = (await get('/v1/runner')).json;
		await send('POST', '/v1/runner', everything);
		await send('PUT', `/v1/runner/${sandbox.seeds.runners.main}`, { status: 'disabled' });
		sandbox.reset();
		expect((await get('/v1/runner')).json).toEqual(before);
	});
});

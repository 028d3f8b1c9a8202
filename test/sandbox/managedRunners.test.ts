import { trial, valueAt } from './testkit';

describe('GET /v1/managed-runner', () => {
	it('lists the active ones of the tier, under `runners` [M-LIST]', async () => {
		const { get, sandbox } = await trial();
		const { status, json } = await get('/v1/managed-runner');
		expect(status).toBe(200);
		expect(json).toEqual({
			runners: [
				{
					id: sandbox.seeds.managedRunners.pro,
					name: 'Managed Pro',
					runner_type: 'pro',
					status: 'active',
					tags: ['production', 'batch', 'video'],
					created_at: expect.stringMatching(/Z$/),
					updated_at: expect.stringMatching(/Z$/),
				},
			],
			total: 1,
		});
	});

	it('pages, newest first [API] [M-LIST]', async () => {
		const { get, sandbox } = await trial({ tier: 'plus' });
		const { pro, plus } = sandbox.seeds.managedRunners;
		expect((await get('/v1/managed-runner')).json).toMatchObject({
			total: 2,
			runners: [{ id: pro }, { id: plus }],
		});
		const { json } = await get('/v1/managed-runner?per_page=1&page=2');
		expect(json).toMatchObject({ total: 2, runners: [{ id: plus, runner_type: 'plus' }] });
	});
});

describe('GET /v1/managed-runner/{id}', () => {
	it('tells what the list tells [M-GET]', async () => {
		const { get, sandbox } = await trial();
		const { status, json } = await get(`/v1/managed-runner/${sandbox.seeds.managedRunners.pro}`);
		expect(status).toBe(200);
		expect(json).toEqual(valueAt((await get('/v1/managed-runner')).json, 'runners.0'));
	});
});

describe('GET /v1/managed-runner/{id}/history', () => {
	it('is a bare array of the user’s latest summaries, newest first [M-HIST] [W-GET]', async () => {
		const { get, sandbox } = await trial({ history: 120, rateLimit: false });
		const { pro } = sandbox.seeds.managedRunners;
		const { status, json } = await get(`/v1/managed-runner/${pro}/history`);
		expect(status).toBe(200);
		const names = Object.values(Object(json)).map((workflow) => valueAt(workflow, 'name'));
		expect(names).toHaveLength(10);
		expect(names.slice(0, 3)).toEqual(['Video with four choices', 'Teaser 116', 'Teaser 106']);

		const { video } = sandbox.seeds;
		expect(valueAt(json, '0.id')).toBe(video);
		expect((await get(`/v1/workflow/${video}`)).json).toMatchObject({
			user_runner_id: null,
			managed_runner_id: pro,
		});
	});
});

describe('managed runners', () => {
	it('need the tier pro or plus: 403 for free [M-LIST] [M-GET] [M-HIST] [ERR]', async () => {
		const { get, sandbox } = await trial({ tier: 'free' });
		const one = `/v1/managed-runner/${sandbox.seeds.managedRunners.pro}`;
		for (const path of ['/v1/managed-runner', one, `${one}/history`]) {
			const { json } = await get(path);
			expect(json).toEqual({ status: 403, message: 'Managed runners require Pro or Plus tier' });
		}
	});

	it.each([
		['is missing', () => '00000000-0000-4000-8000-000000000000', 404],
		['is not for the tier', ({ plus }: { plus: string }) => plus, 404],
		['is disabled', ({ disabled }: { disabled: string }) => disabled, 404],
		['has no UUID', () => 'nonsense', 400],
	])('refuse one that %s [M-GET] [M-HIST] [ERR]', async (_case, idOf, status) => {
		const { get, sandbox } = await trial();
		const path = `/v1/managed-runner/${idOf(sandbox.seeds.managedRunners)}`;
		expect(await get(path)).toMatchObject({ status, json: { status } });
		expect((await get(`${path}/history`)).status).toBe(status);
	});

	it('are only there to be read: nothing is documented that changes or stops them', async () => {
		const { send, sandbox } = await trial();
		const path = `/v1/managed-runner/${sandbox.seeds.managedRunners.pro}`;
		expect((await send('PUT', path, { name: 'Mine' })).status).toBe(404);
		expect((await send('POST', `${path}/interrupt`)).status).toBe(404);
		expect((await send('POST', '/v1/managed-runner', {})).status).toBe(404);
	});

	it('are guarded by the token [M-LIST]', async () => {
		const { get } = await trial({ tier: 'free' });
		expect((await get('/v1/managed-runner', {})).status).toBe(401);
	});
});

import { trial, valueAt } from './testkit';

const oneByOne = { parallelJobs: 1 };

describe('states', () => {
	it('advance with the clock: accepted, uploaded, queued, running, completed [C-WF]', async () => {
		const { started, get, clock } = await trial();
		const id = await started();
		const startMs = clock.ms;
		const seen: unknown[] = [];
		for (const afterMs of [0, 49, 50, 100, 149, 150, 449, 450, 9000]) {
			clock.ms = startMs + afterMs;
			const { json } = await get(`/v1/workflow/${id}`);
			const keys = ['status', 'queue_number', 'prompt_id', 'started_at', 'completed_at'];
			seen.push([afterMs, ...keys.map((key) => valueAt(json, key))]);
		}
		const number = expect.any(Number);
		const prompt = expect.any(String);
		const startedAt = '2024-06-01T12:00:00.150Z';
		const completedAt = '2024-06-01T12:00:00.450Z';
		expect(seen).toEqual([
			[0, 'accepted', null, null, null, null],
			[49, 'accepted', null, null, null, null],
			[50, 'uploaded', null, null, null, null],
			[100, 'queued', number, prompt, null, null],
			[149, 'queued', number, prompt, null, null],
			[150, 'running', number, prompt, startedAt, null],
			[449, 'running', number, prompt, startedAt, null],
			[450, 'completed', number, prompt, startedAt, completedAt],
			[9000, 'completed', number, prompt, startedAt, completedAt],
		]);
	});

	it('move updated_at along [W-RERUN]', async () => {
		const { started, get, clock } = await trial();
		const id = await started();
		clock.ms += 60;
		const { json } = await get(`/v1/workflow/${id}`);
		expect(json).toMatchObject({
			created_at: '2024-06-01T12:00:00.000Z',
			updated_at: '2024-06-01T12:00:00.050Z',
		});
	});
});

describe('the queue', () => {
	it('runs as many jobs as the runner has slots, first come, first served [C-WF]', async () => {
		const { started, sandbox, clock } = await trial({ parallelJobs: 2 });
		for (let i = 0; i < 5; i++) await started();
		const states = () => sandbox.workflows.slice(-5).map(({ status }) => status);
		clock.ms += 150;
		expect(states()).toEqual(['running', 'running', 'queued', 'queued', 'queued']);
		clock.ms += 300;
		expect(states()).toEqual(['completed', 'completed', 'running', 'running', 'queued']);
		clock.ms += 600;
		expect(states()).toEqual(Array(5).fill('completed'));
		expect(clock.ms - sandbox.workflows.slice(-1)[0].createdAtMs).toBe(150 + 3 * 300);
	});

	it('finishes 200 jobs of 20 s on 4 slots in 1000 s', async () => {
		const { started, sandbox, clock } = await trial({
			rateLimit: false,
			durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: 20_000 },
		});
		for (let i = 0; i < 200; i++) await started();
		const done = () =>
			sandbox.workflows.filter(({ status, rerunOf }) => rerunOf && status === 'completed');
		clock.ms += 999_999;
		expect(done()).toHaveLength(196);
		clock.ms += 1;
		expect(done()).toHaveLength(200);
	});
});

describe('POST /v1/workflow/{id}/cancel', () => {
	it('stops a running workflow with 200 and an empty body [W-CANCEL]', async () => {
		const { started, post, statusOf, clock } = await trial();
		const id = await started();
		clock.ms += 200;
		const answer = await post(`/v1/workflow/${id}/cancel`);
		expect(answer).toMatchObject({ status: 200, text: '' });
		expect(answer.headers.get('content-length')).toBe('0');
		expect(await statusOf(id)).toBe('cancelled');
		clock.ms += 9000;
		expect(await statusOf(id)).toBe('cancelled');
	});

	it('takes a queued workflow out of the queue [W-CANCEL]', async () => {
		const { started, post, statusOf, clock } = await trial(oneByOne);
		const [first, second, third] = [await started(), await started(), await started()];
		clock.ms += 150;
		expect((await post(`/v1/workflow/${second}/cancel`)).status).toBe(200);
		clock.ms += 300;
		expect(await Promise.all([first, second, third].map(statusOf))).toEqual([
			'completed',
			'cancelled',
			'running',
		]);
	});

	it('frees the slot of a running workflow', async () => {
		const { started, post, statusOf, clock } = await trial(oneByOne);
		const [first, second] = [await started(), await started()];
		clock.ms += 200;
		expect(await statusOf(second)).toBe('queued');
		await post(`/v1/workflow/${first}/cancel`);
		expect(await statusOf(second)).toBe('running');
	});

	it.each([
		['accepted', 0],
		['uploaded', 60],
		['completed', 500],
	])('refuses a workflow that is %s with 400 [W-CANCEL]', async (status, afterMs) => {
		const { started, post, statusOf, clock } = await trial();
		const id = await started();
		clock.ms += afterMs;
		expect(await statusOf(id)).toBe(status);
		expect((await post(`/v1/workflow/${id}/cancel`)).status).toBe(400);
		clock.ms += 500;
		expect(await statusOf(id)).toBe('completed');
	});

	it.each(['failed', 'cancelled'] as const)('refuses one that %s [W-CANCEL]', async (status) => {
		const { started, post, sandbox, clock } = await trial();
		sandbox.failJobs({ status });
		const id = await started();
		clock.ms += 500;
		expect((await post(`/v1/workflow/${id}/cancel`)).status).toBe(400);
	});
});

describe('jobs that end badly', () => {
	const outcome = {
		status: 'failed',
		error_node: '3',
		exception_type: 'torch.cuda.OutOfMemoryError',
		exception_message: 'Allocation on device',
	} as const;

	it('tell the node and the exception when they failed [W-GET]', async () => {
		const { started, get, sandbox, clock } = await trial();
		sandbox.failJobs(outcome);
		const [failing, good] = [await started(), await started()];
		clock.ms += 500;
		expect((await get(`/v1/workflow/${failing}`)).json).toMatchObject(outcome);
		expect((await get(`/v1/workflow/${good}`)).json).toMatchObject({ status: 'completed' });
	});

	it('come as often as they were ordered', async () => {
		const { started, sandbox, clock } = await trial();
		sandbox.failJobs({ status: 'failed', times: 2 });
		sandbox.failJobs({ status: 'cancelled' });
		for (let i = 0; i < 4; i++) await started();
		clock.ms += 500;
		const states = sandbox.workflows.slice(-4).map(({ status }) => status);
		expect(states).toEqual(['failed', 'failed', 'cancelled', 'completed']);
	});

	it('never ran when they were invalid [W-RERUN]', async () => {
		const { started, get, sandbox, clock } = await trial();
		sandbox.failJobs({ ...outcome, status: 'invalid' });
		const id = await started();
		clock.ms += 100;
		expect((await get(`/v1/workflow/${id}`)).json).toMatchObject({
			status: 'invalid',
			started_at: null,
			queue_number: null,
		});
	});
});

describe('GET /v1/workflow/{id}/outputs', () => {
	it('is a bare array of signed links on another port [W-OUT]', async () => {
		const { started, get, sandbox, clock } = await trial();
		const id = await started();
		clock.ms += 500;
		const { status, json } = await get(`/v1/workflow/${id}/outputs`);
		expect(status).toBe(200);
		expect(json).toEqual([
			{
				id: expect.stringMatching(/^output-[\da-f-]{36}$/),
				workflow_id: id,
				src: expect.stringMatching(
					/\/outputs\/[\da-f-]{36}\/\d+_00001_\.png\?signature=\w+&expires=\d+$/,
				),
			},
		]);
		expect(String(valueAt(json, '0.src'))).toContain(`${sandbox.storageUrl}/`);
		expect(new URL(sandbox.storageUrl).port).not.toBe(new URL(sandbox.apiUrl).port);
	});

	it('is 404 before the workflow has completed [W-OUT]', async () => {
		const { started, get, clock } = await trial();
		const id = await started();
		for (const step of [0, 60, 60, 60]) {
			clock.ms += step;
			expect((await get(`/v1/workflow/${id}/outputs`)).status).toBe(404);
		}
	});

	it.each(['failed', 'invalid', 'cancelled'] as const)(
		'is 404 when it %s [W-OUT]',
		async (status) => {
			const { started, get, sandbox, clock } = await trial();
			sandbox.failJobs({ status });
			const id = await started();
			clock.ms += 500;
			expect((await get(`/v1/workflow/${id}/outputs`)).status).toBe(404);
		},
	);

	it('has as many files as the job was told to make', async () => {
		const { started, get, sandbox, clock } = await trial();
		sandbox.failJobs({ status: 'completed', outputs: 3 });
		const id = await started();
		clock.ms += 500;
		const { json } = await get(`/v1/workflow/${id}/outputs`);
		const files = [0, 1, 2, 3].map((i) => /_0000\d_/.exec(String(valueAt(json, `${i}.src`)))?.[0]);
		expect(files).toEqual(['_00001_', '_00002_', '_00003_', undefined]);
	});
});

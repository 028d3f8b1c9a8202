import { CancelOnStop } from '../../../../nodes/ComfyControl/batch/cancelOnStop';
import type { Job } from '../../../../nodes/ComfyControl/batch/outcome';
import { isEntity } from '../../../../nodes/ComfyControl/api/endpoint';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { clock } from '../../../support/clock';
import { asNode } from '../../../support/asNode';

let sandbox: Sandbox;

beforeAll(async () => {
	const durationsMs = { accepted: 3_000, running: 36_000_000 };
	sandbox = await startSandbox({ clock, rateLimit: false, durationsMs });
});
// The limit of the tests before is none of this one's.
beforeEach(async () => await clock.pause(60_000));
afterEach(() => sandbox.reset());
afterAll(async () => await sandbox.stop());

async function start(itemIndex: number): Promise<Job> {
	const path = `/v1/workflow/${sandbox.seeds.textToImage}/rerun`;
	const headers = { authorization: `Bearer ${sandbox.token}` };
	const body = new FormData();
	const response = await fetch(sandbox.apiUrl + path, { method: 'POST', headers, body });
	const workflow: unknown = await response.json();
	if (!isEntity(workflow)) throw new Error('The sandbox started nothing');
	return { itemIndex, workflow, acceptedAtMs: clock.nowMs() };
}

/** Runs code with what follows the runs of an execution, and gives what n8n's log then has. */
async function following(work: (cancelOnStop: CancelOnStop, stop: () => void) => Promise<void>) {
	const log: string[] = [];
	await asNode({ apiToken: sandbox.token, baseUrl: sandbox.apiUrl }, async (context) => {
		const stopping = new AbortController();
		const info = (text: string) => log.push(`info: ${text}`);
		const warn = (text: string) => log.push(`warn: ${text}`);
		const execution: typeof context = Object.create(context, {
			getExecutionCancelSignal: { value: () => stopping.signal },
			logger: { value: { ...context.logger, info, warn } },
		});
		await work(new CancelOnStop(execution), () => stopping.abort());
	});
	return log;
}

function statusOf({ workflow }: Job): string | undefined {
	return sandbox.workflows.find(({ id }) => id === workflow.id)?.status;
}

function cancellations() {
	return sandbox.requests.filter(({ path }) => path.endsWith('/cancel'));
}

describe('CancelOnStop', () => {
	it('cancels what is not done when the execution is stopped, and says so', async () => {
		const [first, done, other] = [await start(0), await start(1), await start(2)];
		const log = await following(async (cancelOnStop, stop) => {
			for (const run of [first, done, other]) cancelOnStop.add(run);
			cancelOnStop.done(done);
			stop();
			await cancelOnStop.end();
			expect([first, other].map(statusOf)).toEqual(['cancelled', 'cancelled']);
		});
		expect(statusOf(done)).not.toBe('cancelled');
		expect(log).toHaveLength(1);
		expect(log[0]).toContain('after the stop of the execution, cancelled: ');
		for (const { workflow } of [first, other]) expect(log[0]).toContain(workflow.id);
	});

	it('cancels what turns out to be started after the stop, and each but once', async () => {
		const [early, late] = [await start(0), await start(1)];
		const log = await following(async (cancelOnStop, stop) => {
			cancelOnStop.add(early);
			stop();
			cancelOnStop.add(late);
			await cancelOnStop.end();
		});
		// Cancelled again, one would be said to be cancelled already.
		expect(log.map((line) => line.replace(/^.*, (cancelled): .*$/, '$1'))).toEqual([
			'cancelled',
			'cancelled',
		]);
		expect([early, late].map(statusOf)).toEqual(['cancelled', 'cancelled']);
	});

	it('leaves everything alone that is stopped after its end, or never', async () => {
		const run = await start(0);
		const log = await following(async (cancelOnStop, stop) => {
			cancelOnStop.add(run);
			await cancelOnStop.end();
			stop();
			await cancelOnStop.end();
		});
		expect(log).toEqual([]);
		expect(cancellations()).toEqual([]);
	});

	it('looks again every 2 seconds until a workflow can be cancelled', async () => {
		const run = await start(0);
		await following(async (cancelOnStop, stop) => {
			cancelOnStop.add(run);
			stop();
			await cancelOnStop.end();
		});
		const tries = cancellations().map(({ atMs, status }) => [atMs - run.acceptedAtMs, status]);
		expect(tries).toEqual([
			[0, 400],
			[2_000, 400],
			[4_000, 200],
		]);
	});

	it('gives up half a minute after the stop', async () => {
		sandbox.failNext({ on: { path: /cancel$/ }, kind: 'http', status: 400, body: {}, times: 99 });
		const run = await start(0);
		const log = await following(async (cancelOnStop, stop) => {
			cancelOnStop.add(run);
			stop();
			await cancelOnStop.end();
		});
		expect(log).toEqual([
			expect.stringContaining(`left alone as still running: ${run.workflow.id}`),
		]);
		const lastTryMs = cancellations().at(-1)?.atMs ?? 0;
		expect(lastTryMs - run.acceptedAtMs).toBe(32_000);
	});

	it('has nothing to do for a workflow that has ended', async () => {
		const workflow = { id: sandbox.seeds.textToImage };
		const log = await following(async (cancelOnStop, stop) => {
			cancelOnStop.add({ itemIndex: 0, workflow, acceptedAtMs: clock.nowMs() });
			stop();
			await cancelOnStop.end();
		});
		expect(log).toEqual([expect.stringMatching(/^info: .* ended as completed: /)]);
		expect(cancellations()).toHaveLength(1);
	});

	it('warns of a workflow that can’t be cancelled, and goes on with the others', async () => {
		const run = await start(0);
		const gone = { id: '00000000-0000-4000-8000-000000000000' };
		const log = await following(async (cancelOnStop, stop) => {
			cancelOnStop.add({ itemIndex: 1, workflow: gone, acceptedAtMs: clock.nowMs() });
			cancelOnStop.add(run);
			stop();
			await cancelOnStop.end();
		});
		expect(statusOf(run)).toBe('cancelled');
		expect(log).toContainEqual(
			expect.stringMatching(
				`^warn: .* workflow ${gone.id} could not be cancelled: ComfyControl has no workflow ${gone.id}$`,
			),
		);
	});

	it('does not try again what is refused for good', async () => {
		const run = await start(0);
		const body = { message: 'not yours' };
		sandbox.failNext({ on: { path: /cancel$/ }, kind: 'http', status: 403, body });
		const log = await following(async (cancelOnStop, stop) => {
			cancelOnStop.add(run);
			stop();
			await cancelOnStop.end();
		});
		expect(log).toEqual([expect.stringMatching(/^warn: .* could not be cancelled: Not yours$/)]);
		expect(sandbox.requests.filter(({ method }) => method === 'GET')).toEqual([]);
	});

	it.each([
		['http', { kind: 'http', status: 503, body: {} }],
		['reset', { kind: 'resetBefore' }],
	] as const)('tries again after a failed request: %s', async (_kind, fault) => {
		const run = await start(0);
		sandbox.failNext({ on: { path: /cancel$/ }, times: 2, ...fault });
		await following(async (cancelOnStop, stop) => {
			cancelOnStop.add(run);
			stop();
			await cancelOnStop.end();
		});
		expect(statusOf(run)).toBe('cancelled');
	});
});

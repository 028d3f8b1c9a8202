/* eslint-disable @n8n/community-nodes/no-restricted-globals -- a test on a developer machine, never part of the node */
import type { Fault } from './index';
import { textAt, trial, type Trial } from './testkit';

const onRerun = { method: 'POST', path: /\/rerun$/ };

async function rerunWith(fault: Omit<Fault, 'on'>) {
	const bench = await trial();
	bench.sandbox.failNext({ on: onRerun, ...fault });
	return bench;
}

const startedIn = ({ sandbox }: Trial) => sandbox.workflows.filter(({ rerunOf }) => rerunOf);

describe('faults before processing', () => {
	it('resetBefore closes the connection and starts nothing', async () => {
		const bench = await rerunWith({ kind: 'resetBefore' });
		await expect(bench.rerun({ $prompt: 'a fox' })).rejects.toThrow('fetch failed');
		expect(startedIn(bench)).toEqual([]);
		expect(bench.sandbox.requests).toMatchObject([{ method: 'POST', status: undefined }]);
	});

	it('http answers JSON with the status and starts nothing', async () => {
		const bench = await rerunWith({ kind: 'http', status: 503, headers: { 'retry-after': '7' } });
		const answer = await bench.rerun({ $prompt: 'a fox' });
		expect(answer).toMatchObject({ status: 503, json: { status: 503 } });
		expect(answer.headers.get('retry-after')).toBe('7');
		expect(startedIn(bench)).toEqual([]);
		expect(bench.sandbox.requests[0]).toMatchObject({
			status: 503,
			fields: [{ name: '$prompt', value: 'a fox' }],
		});
	});

	it('http answers 500 by default, and any body', async () => {
		const bench = await rerunWith({ kind: 'http', body: { status: 500, message: 'example' } });
		const answer = await bench.rerun();
		expect(answer).toMatchObject({ status: 500, json: { status: 500, message: 'example' } });
	});

	it('html answers a page and starts nothing', async () => {
		const bench = await rerunWith({ kind: 'html' });
		const answer = await bench.rerun();
		expect(answer.status).toBe(502);
		expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
		expect(answer.text).toMatch(/^<!DOCTYPE html>/);
		expect(startedIn(bench)).toEqual([]);
	});

	it('hang never answers and starts nothing', async () => {
		const bench = await rerunWith({ kind: 'hang' });
		const answered = bench.rerun().then(
			() => 'answered',
			() => 'gave up',
		);
		const patience = new Promise((resolve) => setTimeout(resolve, 150, 'still waiting'));
		expect(await Promise.race([answered, patience])).toBe('still waiting');
		expect(startedIn(bench)).toEqual([]);
		expect(bench.sandbox.requests[0].status).toBeUndefined();
		await bench.sandbox.stop();
		expect(await answered).toBe('gave up');
	});
});

describe('faults after processing', () => {
	it('resetAfter starts the job and closes the connection', async () => {
		const bench = await rerunWith({ kind: 'resetAfter' });
		await expect(bench.rerun()).rejects.toThrow('fetch failed');
		const [job] = startedIn(bench);
		expect(bench.sandbox.requests).toMatchObject([{ status: undefined, workflowId: job.id }]);
	});

	it('slowBody dribbles the whole answer', async () => {
		const bench = await rerunWith({ kind: 'slowBody' });
		const before = Date.now();
		const answer = await bench.rerun();
		expect(Date.now() - before).toBeGreaterThan(800);
		expect(textAt(answer.json, 'id')).toBe(startedIn(bench)[0].id);
	});

	it('truncatedBody closes in the middle of the answer', async () => {
		const bench = await rerunWith({ kind: 'truncatedBody' });
		await expect(bench.rerun()).rejects.toThrow('terminated');
		expect(startedIn(bench)).toHaveLength(1);
		expect(bench.sandbox.requests[0].status).toBe(200);
	});

	it('invalidJson answers what cannot be parsed', async () => {
		const bench = await rerunWith({ kind: 'invalidJson' });
		const answer = await bench.rerun();
		expect(answer.status).toBe(200);
		expect(answer.text).not.toBe('');
		expect(answer.json).toBeUndefined();
		expect(startedIn(bench)).toHaveLength(1);
	});

	it('emptyBody answers nothing', async () => {
		const bench = await rerunWith({ kind: 'emptyBody', status: 201 });
		expect(await bench.rerun()).toMatchObject({ status: 201, text: '' });
		expect(startedIn(bench)).toHaveLength(1);
	});
});

describe('a fault', () => {
	it('hits only what it is for, as often as it says', async () => {
		const { get, rerun, sandbox } = await trial();
		sandbox.failNext({ on: onRerun, kind: 'http', times: 2 });
		expect((await get('/v1/user')).status).toBe(200);
		expect((await rerun()).status).toBe(500);
		expect((await rerun()).status).toBe(500);
		expect((await rerun()).status).toBe(200);
	});

	it('waits in line behind earlier ones and is forgotten on reset', async () => {
		const { get, sandbox } = await trial();
		sandbox.failNext({ on: { method: 'get' }, kind: 'http', status: 501 });
		sandbox.failNext({ on: { host: 'api' }, kind: 'http', status: 502 });
		sandbox.failNext({ on: {}, kind: 'http', status: 503 });
		expect((await get('/v1/user')).status).toBe(501);
		expect((await get('/v1/user')).status).toBe(502);
		sandbox.reset();
		expect((await get('/v1/user')).status).toBe(200);
	});

	it('waits while the rate limit refuses requests', async () => {
		const { get, sandbox, clock } = await trial({
			rateLimit: { requests: 1, windowMs: 100, cooldownMs: 100 },
		});
		await get('/v1/user');
		sandbox.failNext({ on: {}, kind: 'http', status: 500 });
		expect((await get('/v1/user')).status).toBe(429);
		clock.ms += 100;
		expect((await get('/v1/user')).status).toBe(500);
	});

	it.each([
		['resetBefore', 'fetch failed'],
		['truncatedBody', 'terminated'],
	] as const)('breaks a download: %s', async (kind, message) => {
		const { get, sandbox } = await trial();
		const { json } = await get(`/v1/workflow/${sandbox.seeds.textToImage}/outputs`);
		const link = textAt(json, '0.src');
		sandbox.failNext({ on: { host: 'storage', path: /\.png$/ }, kind });
		const download = async () => (await (await fetch(link)).arrayBuffer()).byteLength;
		await expect(download()).rejects.toThrow(message);
		expect(await download()).toBeGreaterThan(10_000);
	});
});

describe('start', () => {
	it('fails when a port is taken, and leaves nothing open', async () => {
		const { sandbox } = await trial();
		const taken = Number(new URL(sandbox.apiUrl).port);
		await expect(trial({ port: taken })).rejects.toThrow('EADDRINUSE');
	});
});

describe('stop', () => {
	it('closes both servers at once, open connections too', async () => {
		const { get, sandbox } = await trial();
		await get('/v1/user');
		await fetch(sandbox.storageUrl);
		const before = Date.now();
		await sandbox.stop();
		expect(Date.now() - before).toBeLessThan(500);
		await expect(fetch(sandbox.apiUrl)).rejects.toThrow('fetch failed');
		await expect(fetch(sandbox.storageUrl)).rejects.toThrow('fetch failed');
	});
});

import { rerunPath, trial, type Trial } from './testkit';

async function statuses({ get }: Trial, count: number): Promise<number[]> {
	const answers = await Promise.all(Array.from({ length: count }, () => get('/v1/user')));
	return answers.map(({ status }) => status);
}

const all = (count: number, status: number) => Array<number>(count).fill(status);

describe('40 requests per 10 seconds', () => {
	it('processes 40 and answers the next one 429 [AUTH] [ERR]', async () => {
		const bench = await trial();
		expect(await statuses(bench, 40)).toEqual(all(40, 200));
		expect(await statuses(bench, 1)).toEqual([429]);
	});

	it('counts a window that slides', async () => {
		const bench = await trial();
		await statuses(bench, 20);
		bench.clock.ms += 6000;
		await statuses(bench, 20);
		bench.clock.ms += 4000;
		expect(await statuses(bench, 20)).toEqual(all(20, 200));
		expect(await statuses(bench, 1)).toEqual([429]);
	});

	it('processes nothing for 10 seconds, then again as usual [AUTH] [ERR]', async () => {
		const bench = await trial();
		await statuses(bench, 41);
		const before = bench.sandbox.workflows.length;
		bench.clock.ms += 9999;
		expect((await bench.rerun()).status).toBe(429);
		expect(bench.sandbox.workflows).toHaveLength(before);
		bench.clock.ms += 1;
		expect(await statuses(bench, 40)).toEqual(all(40, 200));
	});

	it('counts refused tokens and faults too, on arrival', async () => {
		const bench = await trial();
		bench.sandbox.failNext({ on: {}, kind: 'http', times: 20 });
		await statuses(bench, 20);
		await Promise.all(Array.from({ length: 20 }, () => bench.get('/v1/user', {})));
		expect(await statuses(bench, 1)).toEqual([429]);
	});

	it('does not count downloads', async () => {
		const bench = await trial();
		for (let i = 0; i < 50; i++) await fetch(bench.sandbox.storageUrl);
		expect(bench.sandbox.downloads).toHaveLength(50);
		expect(await statuses(bench, 1)).toEqual([200]);
	});

	it('is a page of Cloudflare, not JSON, without Retry-After', async () => {
		const bench = await trial();
		await statuses(bench, 40);
		const answer = await bench.get('/v1/user');
		expect(answer.status).toBe(429);
		expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
		expect(answer.text).toContain('Cloudflare');
		expect(answer.headers.has('retry-after')).toBe(false);
	});

	it('logs what it refused', async () => {
		const bench = await trial({ rateLimit: { requests: 0, windowMs: 1, cooldownMs: 1000 } });
		await bench.rerun({ $prompt: 'a fox' });
		expect(bench.sandbox.requests).toMatchObject([
			{ path: rerunPath, status: 429, fields: [{ name: '$prompt', value: 'a fox' }] },
		]);
		expect(bench.sandbox.requests[0].workflowId).toBeUndefined();
	});

	it('can be set, switched off and reset', async () => {
		const strict = await trial({ rateLimit: { requests: 2, windowMs: 500, cooldownMs: 1000 } });
		expect((await statuses(strict, 3)).sort()).toEqual([200, 200, 429]);
		strict.sandbox.reset();
		expect(await statuses(strict, 2)).toEqual([200, 200]);
		const free = await trial({ rateLimit: false });
		expect(await statuses(free, 60)).toEqual(all(60, 200));
	});
});

import fc from 'fast-check';

import {
	rateLimiterFor,
	RateLimiter,
	WINDOW_MS,
	type Rank,
} from '../../../../nodes/ComfyControl/transport/rateLimiter';
import { MAX_REQUESTS } from '../../../../nodes/ComfyControl/transport/limitShare';
import { clock } from '../../../support/clock';

describe('RateLimiter', () => {
	it('never lets more than 40 requests fall into 10 s, whenever the API counts them', async () => {
		const durations = fc.array(fc.integer({ min: 0, max: 3_000 }), {
			minLength: 41,
			maxLength: 90,
		});
		await fc.assert(
			fc.asyncProperty(durations, async (durationsMs) => {
				const limiter = new RateLimiter();
				const spans: Array<{ sentMs: number; answeredMs: number }> = [];
				const send = async (durationMs: number) => {
					const sentMs = clock.nowMs();
					await clock.pause(durationMs, undefined);
					spans.push({ sentMs, answeredMs: clock.nowMs() });
				};
				await Promise.all(
					durationsMs.map(async (ms) => await limiter.send(async () => await send(ms), undefined)),
				);
				expect(spans).toHaveLength(durationsMs.length);
				for (const { sentMs } of spans) {
					const countedWith = spans.filter(
						(other) => other.sentMs <= sentMs && other.answeredMs > sentMs - WINDOW_MS,
					);
					expect(countedWith.length).toBeLessThanOrEqual(MAX_REQUESTS);
				}
			}),
			{ numRuns: 8 },
		);
	});

	it('keeps the order, lets a refused request go first and is silent in the cooldown', async () => {
		const limiter = new RateLimiter();
		const sent: string[] = [];
		const send = async (name: string, rank: Rank = 'usual') =>
			await limiter.send(async () => void sent.push(name), undefined, rank);
		const quietFromMs = clock.nowMs();
		limiter.refused(10_000);
		await Promise.all([send('a'), send('b'), send('refused', 'refusedBefore'), send('c')]);
		expect(sent).toEqual(['refused', 'a', 'b', 'c']);
		expect(clock.nowMs() - quietFromMs).toBeGreaterThanOrEqual(10_000);
	});

	it('lets a stopped request leave the queue without holding up the others', async () => {
		const limiter = new RateLimiter();
		limiter.refused(20_000);
		const stop = new AbortController();
		const send = jest.fn(async () => 'sent');
		const first = limiter.send(send, stop.signal);
		const second = limiter.send(send, stop.signal);
		const third = limiter.send(send, undefined);
		stop.abort();
		expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
		expect(send).not.toHaveBeenCalled();
		expect(await third).toBe('sent');
	});

	it('lets looks give way to what comes within two seconds after them, and no longer', async () => {
		const limiter = new RateLimiter();
		const sent: string[] = [];
		const send = async (name: string, rank: Rank = 'usual') =>
			await limiter.send(async () => void sent.push(name), undefined, rank);
		limiter.refused(10_000);
		const all = [send('look', 'look'), send('soon')];
		await clock.pause(1_500);
		all.push(send('later'));
		await clock.pause(1_000);
		all.push(send('too late'));
		await Promise.all(all);
		expect(sent).toEqual(['soon', 'later', 'look', 'too late']);
	});
});

it('is one for all addresses at a host, and another for each host', () => {
	const limiter = rateLimiterFor('https://api.example.com');
	expect(rateLimiterFor('https://api.example.com/proxy')).toBe(limiter);
	expect(rateLimiterFor('https://other.example.com')).not.toBe(limiter);
	expect(rateLimiterFor('https://api.example.com:8443')).not.toBe(limiter);
});

import fc from 'fast-check';

import {
	LimitShare,
	MAX_REQUESTS,
	RateLimiter,
	rateLimiterFor,
	WINDOW_MS,
	type Rank,
} from '../../../../nodes/ComfyControl/transport/rateLimiter';
import { clock } from '../../../support/clock';
import { RateLimiter as ApiLimit } from '../../../sandbox/rateLimit';

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
		await Promise.all([
			send('a'),
			send('b'),
			send('refused', 'refusedBefore'),
			send('refused too', 'refusedBefore'),
			send('c'),
		]);
		expect(sent).toEqual(['refused', 'refused too', 'a', 'b', 'c']);
		expect(clock.nowMs() - quietFromMs).toBeGreaterThanOrEqual(10_000);
	});

	it('knows when it was refused last, and whether it shares the limit since', async () => {
		const limiter = new RateLimiter();
		expect([limiter.isShared, limiter.hasRefusedSince(0)]).toEqual([false, false]);
		limiter.refused(10_000);
		const nowMs = clock.nowMs();
		expect([nowMs - 1, nowMs, nowMs + 1].map((ms) => limiter.hasRefusedSince(ms))).toEqual([
			true,
			true,
			false,
		]);
		expect(limiter.isShared).toBe(true);
	});

	it('takes more of the limit again only when it holds something back', async () => {
		const limiter = new RateLimiter(new LimitShare());
		const send = async () => await limiter.send(async () => {}, undefined);
		limiter.refused(10_000);
		await clock.pause(70_000);
		await Promise.all(Array.from({ length: 20 }, send));
		expect(limiter.isShared).toBe(true);
		await send();
		expect(limiter.isShared).toBe(false);
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

const COOLDOWN_MS = 10_000;
const LIMIT = { requests: MAX_REQUESTS, windowMs: 10_000, cooldownMs: COOLDOWN_MS };

describe('LimitShare', () => {
	it('is the whole limit until a refusal, and then half of it', () => {
		const share = new LimitShare();
		expect(share.requests).toBe(40);
		share.refused(1_000, COOLDOWN_MS);
		expect([share.requests, share.quietUntilMs]).toEqual([20, 11_000]);
	});

	it('takes refusals of one cooldown for one', () => {
		const share = new LimitShare();
		for (const nowMs of [1_000, 1_100, 10_900]) share.refused(nowMs, COOLDOWN_MS);
		expect([share.requests, share.quietUntilMs]).toEqual([20, 20_900]);
	});

	it('never gets smaller than five', () => {
		const share = new LimitShare(() => 0);
		for (let i = 0; i < 9; i++) share.refused(i * 100_000, COOLDOWN_MS);
		expect(share.requests).toBe(5);
	});

	it('grows again after a minute without refusals, when it holds something back', () => {
		const share = new LimitShare(() => 0);
		share.refused(0, COOLDOWN_MS);
		share.refused(20_000, COOLDOWN_MS);
		share.heldBack(79_999);
		expect(share.requests).toBe(10);
		share.heldBack(80_000);
		expect(share.requests).toBe(20);
		share.heldBack(139_999);
		expect(share.requests).toBe(20);
		share.heldBack(140_000);
		share.heldBack(900_000);
		expect(share.requests).toBe(40);
	});

	it.each([
		[1, 1],
		[2, 1.5],
		[3, 2],
		[5, 3],
		[9, 3],
	])('after %i refusals in a row is silent %f times as long', (refusals, times) => {
		const share = new LimitShare(() => 0.5);
		for (let i = 1; i < refusals; i++) share.refused(i * 1_000_000, COOLDOWN_MS);
		share.refused(90_000_000, COOLDOWN_MS);
		expect(share.quietUntilMs).toBe(90_000_000 + times * COOLDOWN_MS);
	});

	it('begins with the cooldown alone again after an answer', () => {
		const share = new LimitShare(() => 1);
		share.refused(0, COOLDOWN_MS);
		share.answered();
		share.refused(100_000, COOLDOWN_MS);
		expect(share.quietUntilMs).toBe(110_000);
	});
});

/** What the node did before: all of the limit at once, and the cooldown alone after a refusal. */
class WholeLimit extends LimitShare {
	#quietUntilMs = 0;

	override get requests() {
		return MAX_REQUESTS;
	}

	override get quietUntilMs() {
		return this.#quietUntilMs;
	}

	override refused(nowMs: number, cooldownMs: number) {
		this.#quietUntilMs = Math.max(this.#quietUntilMs, nowMs + cooldownMs);
	}
}

/** The limit of an address where a refused request begins the cooldown anew. */
class Unforgiving extends ApiLimit {
	#quietUntilMs = 0;

	override admit(): boolean {
		const isQuiet = clock.nowMs() < this.#quietUntilMs;
		if (!isQuiet && super.admit()) return true;
		this.#quietUntilMs = clock.nowMs() + COOLDOWN_MS;
		return false;
	}
}

/** Numbers from 0 to 1 that are the same in each run of the tests. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

interface Load {
	/** How many requests each process has. */
	processes: number[];
	rule?: (seed: number) => LimitShare;
	api?: ApiLimit;
	patienceMs?: number;
}

/** Lets processes behind one address send, each answer taking a quarter of a second. */
async function play({ processes, rule, api, patienceMs = Infinity }: Load) {
	const share = rule ?? ((seed) => new LimitShare(numbers(seed)));
	const server = api ?? new ApiLimit(LIMIT, () => clock.nowMs());
	const beginMs = clock.nowMs();
	let refusals = 0;
	let answers = 0;
	const sendOne = async (limiter: RateLimiter) => {
		for (let refused = false; clock.nowMs() - beginMs < patienceMs; refused = true) {
			const isProcessed = await limiter.send(
				async () => {
					await clock.pause(125);
					const isAdmitted = server.admit();
					await clock.pause(125);
					if (isAdmitted) limiter.answered();
					else limiter.refused(COOLDOWN_MS);
					return isAdmitted;
				},
				undefined,
				refused ? 'refusedBefore' : 'usual',
			);
			if (isProcessed) return void answers++;
			refusals++;
		}
	};
	await Promise.all(
		processes.flatMap((requests, index) => {
			const limiter = new RateLimiter(share(index + 1));
			return Array.from({ length: requests }, async () => await sendOne(limiter));
		}),
	);
	const all = processes.reduce((sum, requests) => sum + requests, 0);
	const idealMs = (Math.ceil(all / MAX_REQUESTS) - 1) * 10_000;
	return { refusals, isDone: answers === all, slowness: (clock.nowMs() - beginMs) / idealMs };
}

describe('processes behind one address', () => {
	it('do a process that is alone no harm', async () => {
		const { refusals, slowness } = await play({ processes: [400] });
		expect(refusals).toBe(0);
		expect(slowness).toBeLessThan(1.05);
	});

	it.each([[[100, 100]], [[400, 400]], [[400, 100]], [[400, 400, 400]]])(
		'are refused far less than if each took the whole limit: %j',
		async (processes) => {
			const before = await play({ processes, rule: () => new WholeLimit() });
			const now = await play({ processes });
			expect(now.isDone).toBe(true);
			expect(now.refusals).toBeLessThanOrEqual(before.refusals / 2);
			expect(now.slowness).toBeLessThan(1.75);
		},
	);

	it.each([[[400, 400]], [[100, 100, 100, 100, 100]]])(
		'come to an end where a refused request begins the cooldown anew: %j',
		async (processes) => {
			const unforgiving = () => new Unforgiving(LIMIT, () => clock.nowMs());
			const { isDone, slowness } = await play({
				processes,
				api: unforgiving(),
				patienceMs: 3_600_000,
			});
			expect(isDone).toBe(true);
			expect(slowness).toBeLessThan(5);
		},
	);
});

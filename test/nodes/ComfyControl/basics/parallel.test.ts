import fc from 'fast-check';

import { Semaphore, inParallel } from '../../../../nodes/ComfyControl/basics/parallel';

const COUNT = fc.integer({ min: 0, max: 12 });
const AT_ONCE = fc.integer({ min: 1, max: 5 });

/** Work on numbers that takes as long as fast-check wants, in any order, and that is watched. */
class WatchedWork {
	readonly begun: number[] = [];

	underWay = 0;

	mostUnderWay = 0;

	begunBeforeFailure = 0;

	constructor(
		private readonly scheduler: fc.Scheduler,
		private readonly failing: number[] = [],
	) {}

	readonly do = async (entry: number): Promise<string> => {
		this.begun.push(entry);
		this.underWay++;
		this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
		await this.scheduler.schedule(Promise.resolve());
		this.underWay--;
		if (this.failing.includes(entry)) {
			this.begunBeforeFailure = this.begun.length;
			throw new Error(`${entry} failed`);
		}
		return `result ${entry}`;
	};
}

function numbers(count: number): number[] {
	return [...Array(count).keys()];
}

function resultsOf(entries: number[]): string[] {
	return entries.map((entry) => `result ${entry}`);
}

describe('inParallel', () => {
	it('keeps the order, and works on as many at once as it may', async () => {
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), COUNT, AT_ONCE, async (scheduler, count, atOnce) => {
				const work = new WatchedWork(scheduler);
				const results = await scheduler.waitFor(inParallel(numbers(count), atOnce, work.do));
				expect(results).toEqual(resultsOf(numbers(count)));
				expect(work.begun).toEqual(numbers(count));
				expect(work.mostUnderWay).toBe(Math.min(count, atOnce));
			}),
		);
	});

	it('throws an error only when nothing is under way any more, and begins nothing after it', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				fc.integer({ min: 1, max: 12 }),
				AT_ONCE,
				fc.nat(),
				async (scheduler, count, atOnce, seed) => {
					const failing = seed % count;
					const work = new WatchedWork(scheduler, [failing]);
					const ended = inParallel(numbers(count), atOnce, work.do).catch((error: unknown) => {
						expect(work.underWay).toBe(0);
						return error;
					});
					expect(await scheduler.waitFor(ended)).toEqual(new Error(`${failing} failed`));
					expect(work.begun).toEqual(numbers(work.begunBeforeFailure));
				},
			),
		);
	});

	it('throws one of several errors', async () => {
		const fail = async (entry: number) => await Promise.reject(new Error(`${entry} failed`));
		await expect(inParallel(numbers(5), 3, fail)).rejects.toThrow(/^[012] failed$/);
	});
});

describe('Semaphore', () => {
	it('lets work in as it came, no more than so much at once, whatever fails', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				COUNT,
				AT_ONCE,
				fc.array(fc.nat(12)),
				async (scheduler, count, atOnce, failing) => {
					const work = new WatchedWork(scheduler, failing);
					const gate = new Semaphore(atOnce);
					const passing = numbers(count).map(
						async (entry) => await gate.pass(async () => await work.do(entry)),
					);
					const ends = await scheduler.waitFor(Promise.allSettled(passing));
					expect(work.begun).toEqual(numbers(count));
					expect(work.mostUnderWay).toBe(Math.min(count, atOnce));
					expect(ends.map(({ status }) => status === 'rejected')).toEqual(
						numbers(count).map((entry) => failing.includes(entry)),
					);
				},
			),
		);
	});

	it('has all its places again when everything has passed, failed work too', async () => {
		const gate = new Semaphore(2);
		const fail = async () => await Promise.reject(new Error('failed'));
		await Promise.allSettled([gate.pass(fail), gate.pass(fail), gate.pass(fail)]);
		let inside = 0;
		for (let i = 0; i < 3; i++) {
			void gate.pass(async () => {
				inside++;
				await new Promise(() => {});
			});
		}
		expect(inside).toBe(2);
	});
});

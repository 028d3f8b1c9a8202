/* eslint-disable no-console -- the figures of the simulation are what it is run for */
import fc from 'fast-check';

import type { ComfyControlWorkflow } from '../../../../nodes/ComfyControl/api/states';
import { MOST_PAGES } from '../../../../nodes/ComfyControl/trigger/listing';
import { FIRST_PAGES, look, READS, type Source } from '../../../../nodes/ComfyControl/trigger/look';
import { isMemory, postponed, type Memory } from '../../../../nodes/ComfyControl/trigger/memory';

const PER_PAGE = 5;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const BEGIN_MS = Date.parse('2024-06-01T00:00:00Z');

/** One workflow of a history, in milliseconds since the first look. */
interface Job {
	id: string;
	startMs: number;
	/** How much later than its start it is in the list. */
	delayMs: number;
	endMs: number;
	status: 'completed' | 'failed' | 'cancelled' | 'invalid';
	/** What the list tells of its start, if that isn't the truth. */
	oddDate?: OddDate;
}

type OddDate = { aheadMs: number } | { createdAt: unknown };

const job = fc.record({
	// Often equal, sometimes long before the first look.
	startMs: fc.oneof(
		fc.integer({ min: -2, max: 60 }).map((minutes) => minutes * 60 * SECOND_MS),
		fc.integer({ min: -HOUR_MS, max: 3 * HOUR_MS }),
	),
	delayMs: fc.integer({ min: 0, max: 60 * SECOND_MS }),
	lastsMs: fc.oneof(fc.constant(0), fc.nat(5 * 60 * SECOND_MS), fc.nat(12 * HOUR_MS)),
	status: fc.constantFrom<Job['status']>('completed', 'failed', 'cancelled', 'invalid'),
});

const oddDate: fc.Arbitrary<OddDate> = fc.oneof(
	fc
		.constantFrom(5 * 60 * SECOND_MS, HOUR_MS, 50 * 365 * 24 * HOUR_MS)
		.map((aheadMs) => ({ aheadMs })),
	fc
		.constantFrom(undefined, null, '', 'soon', 0, '0001-01-01T00:00:00Z')
		.map((createdAt) => ({ createdAt })),
);

const skewMs = fc.oneof(fc.constant(0), fc.integer({ min: -6 * HOUR_MS, max: 6 * HOUR_MS }));

const step = fc.record({
	afterMs: fc.oneof(fc.constant(60 * SECOND_MS), fc.nat(2 * HOUR_MS)),
	/** The process ends before this look; what it kept is what n8n has saved. */
	isRestart: fc.boolean(),
	/** How much time each request takes: meanwhile others start and finish. */
	requestMs: fc.nat(3 * SECOND_MS),
	/** How many of the finished ones the poll has no more time for. */
	postponed: fc.oneof(fc.constant(0), fc.nat(3)),
	/** The page from which on the list shows the one before again, as from a cache. */
	repeatedFrom: fc.oneof(
		{ weight: 4, arbitrary: fc.constant(Infinity) },
		fc.integer({ min: 2, max: 6 }),
	),
	/** How far this machine's clock is ahead of ComfyControl's from then on, if it is set. */
	skewMs: fc.option(skewMs, { nil: undefined, freq: 8 }),
});

const history = fc.record({
	jobs: fc.array(job, { maxLength: 250, size: 'max' }),
	// Not more than the trigger looks past, with so few on a page.
	oddDates: fc.array(oddDate, { maxLength: 20 }),
	ids: fc.constantFrom((index: number) => `job-${index}`, strangeId),
	/** Where those without a date stand in the list. */
	dateless: fc.constantFrom<Order>('first', 'byStart'),
	skewMs,
	/** Whether answers have a `Date`. Without, this machine's clock must not be ahead if dates are. */
	tellsTime: fc.boolean(),
	steps: fc.array(step, { minLength: 1, maxLength: 30 }),
});

// At the end of the list nobody would get to see them.
type Order = 'first' | 'byStart';

function strangeId(index: number): string {
	return ['constructor', '__proto__', 'toString', '0', 'hasOwnProperty'][index] ?? `${index}`;
}

function jobsOf(
	plans: Array<Omit<Job, 'id' | 'endMs'> & { lastsMs: number }>,
	idOf = (index: number) => `job-${index}`,
): Job[] {
	return plans.map(({ lastsMs, ...plan }, index) => ({
		...plan,
		id: idOf(index),
		endMs: plan.startMs + plan.delayMs + lastsMs,
	}));
}

/** When the list says that a job was started. */
function createdAt({ startMs, oddDate: odd }: Job): unknown {
	if (odd && 'createdAt' in odd) return odd.createdAt;
	return new Date(BEGIN_MS + startMs + (odd?.aheadMs ?? 0)).toISOString();
}

/** The list's jobs at a moment, in its order. */
function listed(jobs: Job[], atMs: number, dateless: Order = 'byStart'): Job[] {
	const keyOf = ({ startMs, oddDate: odd }: Job) => {
		if (odd === undefined) return startMs;
		if ('aheadMs' in odd) return startMs + odd.aheadMs;
		return dateless === 'first' ? Infinity : startMs;
	};
	const inOrder = (a: Job, b: Job) => (keyOf(a) === keyOf(b) ? 0 : keyOf(b) - keyOf(a));
	return jobs.filter(({ startMs, delayMs }) => startMs + delayMs <= atMs).sort(inOrder);
}

interface World {
	dateless?: Order;
	repeatedFrom?: number;
	/** How far this machine's clock is ahead. */
	skewMs?: number;
	tellsTime?: boolean;
}

/** The list as it is while time passes with each request. */
function sourceOf(
	jobs: Job[],
	clock: { ms: number },
	requestMs: number,
	{ dateless, repeatedFrom = Infinity, skewMs: aheadMs = 0, tellsTime = true }: World = {},
): Source {
	let serverNowMs = Infinity;
	const request = () => {
		clock.ms += requestMs;
		// A header has whole seconds.
		if (tellsTime) serverNowMs = Math.floor((BEGIN_MS + clock.ms) / SECOND_MS) * SECOND_MS;
	};
	const shown = (shownJob: Job) => ({
		id: shownJob.id,
		status: clock.ms >= shownJob.endMs ? shownJob.status : 'running',
		created_at: createdAt(shownJob),
		updated_at: new Date(BEGIN_MS + Math.min(clock.ms, shownJob.endMs)).toISOString(),
	});
	return {
		perPage: PER_PAGE,
		page: async (wanted) => {
			request();
			const page = wanted < repeatedFrom ? wanted : repeatedFrom - 1;
			return listed(jobs, clock.ms, dateless)
				.slice((page - 1) * PER_PAGE, page * PER_PAGE)
				.map(shown) as Awaited<ReturnType<Source['page']>>;
		},
		read: async (id) => {
			request();
			const found = jobs.find((candidate) => candidate.id === id);
			return found && (shown(found) as Awaited<ReturnType<Source['read']>>);
		},
		nowMs: () => Math.min(BEGIN_MS + clock.ms + aheadMs, serverNowMs),
	};
}

function saved(memory: Memory | undefined): Memory | undefined {
	if (memory === undefined) return undefined;
	const kept: unknown = JSON.parse(JSON.stringify(memory));
	if (!isMemory(kept)) throw new Error('It does not know its own memory');
	return kept;
}

const EMPTY = { perPage: PER_PAGE, page: async () => [], nowMs: () => BEGIN_MS };

describe('look', () => {
	it('misses nothing and repeats nothing, whatever happens between the looks', async () => {
		const figures = { histories: 0, reported: 0, odd: 0, skewed: 0, cut: 0, restarts: 0 };
		await fc.assert(
			fc.asyncProperty(history, async ({ jobs: plans, oddDates, ids, steps, ...world }) => {
				const jobs = jobsOf(plans, ids);
				oddDates.slice(0, jobs.length).forEach((odd, index) => (jobs[index].oddDate = odd));
				const { dateless, tellsTime } = world;
				const isAhead = oddDates.some((odd) => 'aheadMs' in odd);
				const skewOf = (ms: number) => (tellsTime || !isAhead ? ms : Math.min(ms, 0));
				let aheadMs = skewOf(world.skewMs);
				const clock = { ms: 0 };
				const now = () => ({ dateless, tellsTime, skewMs: aheadMs });
				let { memory } = await look(undefined, sourceOf(jobs, clock, 0, now()));
				let kept = saved(memory);
				const reported: string[] = [];
				const poll = async ({
					isRestart,
					requestMs,
					postponed: late,
					repeatedFrom,
				}: typeof last) => {
					// What n8n has not saved is lost with its process. It saves when something is handed over.
					if (isRestart && kept) memory = kept;
					if (isRestart) figures.restarts++;
					const source = sourceOf(jobs, clock, requestMs, { ...now(), repeatedFrom });
					const found = await look(saved(memory), source);
					if (found.cut !== undefined) figures.cut++;
					const inTime = found.finished.slice(0, Math.max(found.finished.length - late, 1));
					memory = postponed(found.memory, found.finished.slice(inTime.length));
					reported.push(...inTime.map(({ id }) => id));
					if (inTime.length > 0) kept = saved(memory);
				};
				const last = { isRestart: false, requestMs: 0, postponed: 0, repeatedFrom: Infinity };
				for (const next of steps) {
					clock.ms += next.afterMs;
					if (next.skewMs !== undefined) aheadMs = skewOf(next.skewMs);
					await poll(next);
				}
				// Everything ends some day, and is then seen within a few looks.
				clock.ms = Math.max(clock.ms, ...jobs.map(({ endMs }) => endMs));
				for (let round = 0; round < 12; round++) await poll(last);

				const isListed = new Set(
					listed(jobs, 0, dateless)
						.slice(0, FIRST_PAGES * PER_PAGE)
						.map(({ id }) => id),
				);
				const isNew = ({ startMs, delayMs }: Job) => startMs + delayMs > 0;
				const expected = jobs.filter(
					(one) => one.endMs > 0 && (isListed.has(one.id) || isNew(one)),
				);
				// Below the first look's pages only dates tell what is past, and these did not tell.
				const isUnsure = new Set(
					jobs
						.filter((one) => !isListed.has(one.id) && !isNew(one))
						.filter((one) => one.oddDate !== undefined || skewOf(world.skewMs) < 0)
						.map(({ id }) => id),
				);
				expect(reported.filter((id) => !isUnsure.has(id)).sort()).toEqual(
					expected
						.map(({ id }) => id)
						.filter((id) => !isUnsure.has(id))
						.sort(),
				);
				expect(new Set(reported).size).toBe(reported.length);
				figures.histories++;
				figures.reported += reported.length;
				figures.odd += jobs.filter(({ oddDate: odd }) => odd).length;
				if (world.skewMs !== 0) figures.skewed++;
			}),
			// To make a history smaller takes minutes: the seed finds it again.
			{ numRuns: 300, endOnFailure: true },
		);
		console.log(
			`Trigger simulation: ${figures.histories} histories (${figures.skewed} with a skewed clock), ` +
				`${figures.reported} workflows (${figures.odd} with odd dates), ${figures.restarts} restarts, ` +
				`${figures.cut} repeated pages, misses 0, repeats 0`,
		);
	});

	it('says nothing of the past, and remembers what still runs', async () => {
		const jobs = jobsOf([
			{ startMs: -HOUR_MS, delayMs: 0, lastsMs: 10, status: 'completed' },
			{ startMs: -HOUR_MS, delayMs: 0, lastsMs: 3 * HOUR_MS, status: 'completed' },
		]);
		const clock = { ms: 0 };
		const { memory, finished } = await look(undefined, sourceOf(jobs, clock, 0));
		expect(finished).toEqual([]);
		expect(memory.open).toEqual(['job-1']);

		clock.ms = 4 * HOUR_MS;
		const next = await look(memory, sourceOf(jobs, clock, 0));
		expect(next.finished.map(({ id }) => id)).toEqual(['job-1']);
	});

	it('reads so many pages in one look, goes on in the next, and then keeps little', async () => {
		const jobs = jobsOf(
			Array.from({ length: 200 }, (_, minute) => ({
				startMs: minute * 60 * SECOND_MS,
				delayMs: 0,
				lastsMs: 10,
				status: 'completed' as const,
			})),
		);
		const clock = { ms: 0 };
		const { memory } = await look(undefined, sourceOf(jobs, clock, 0));
		clock.ms = 24 * HOUR_MS;
		const next = await look(memory, sourceOf(jobs, clock, 0));
		// One of them had been seen by the first look.
		const onPages = MOST_PAGES * PER_PAGE + 1;
		expect(next.finished).toHaveLength(onPages);
		expect(next.cut).toBe('bound');
		const last = await look(next.memory, sourceOf(jobs, clock, 0));
		expect(last.finished).toHaveLength(200 - onPages);
		expect(last.cut).toBeUndefined();
		expect(last.memory).toMatchObject({ open: [], undated: [] });
		expect(last.memory.rest).toBeUndefined();
		expect(last.memory.done).toHaveLength(6);
	});

	it('gets to what it had left below many pages that tell no start', async () => {
		const known = Array.from({ length: 8 * PER_PAGE }, (_, index) => `known-${index}`);
		const ids = [...known, 'new'];
		const source: Source = {
			...EMPTY,
			page: async (page) =>
				ids
					.slice((page - 1) * PER_PAGE, page * PER_PAGE)
					.map((id) => ({ id, status: 'completed' })),
			read: async () => undefined,
		};
		// As after a list that repeated itself: what is on the first pages had been read before.
		const rest = { page: 1, sinceMs: BEGIN_MS, repeated: 1 };
		const memory = { newestMs: BEGIN_MS, open: [], done: [], undated: known, rest };
		const { finished, memory: next } = await look(memory, source);
		expect(finished.map(({ id }) => id)).toEqual(['new']);
		expect(next.rest).toBeUndefined();
	});

	it('forgets what is no longer there', async () => {
		const source: Source = {
			...EMPTY,
			read: async () => undefined,
		};
		const memory = { newestMs: BEGIN_MS, open: ['gone'], done: [], undated: [] };
		expect((await look(memory, source)).memory.open).toEqual([]);
	});

	it('gets to each open one in turn, though others never finish', async () => {
		const never = Array.from({ length: READS + 5 }, (_, index) => `never-${index}`);
		const source: Source = {
			...EMPTY,
			read: async (id) => ({ id, status: id === 'last' ? 'completed' : 'queued' }),
		};
		const memory = { newestMs: BEGIN_MS, open: [...never, 'last'], done: [], undated: [] };
		const first = await look(memory, source);
		const second = await look(first.memory, source);
		expect([first, second].map(({ finished }) => finished.map(({ id }) => id))).toEqual([
			[],
			['last'],
		]);
		expect([...second.memory.open].sort()).toEqual([...never].sort());
	});

	/** A list of these pages, and what is asked of it. */
	function pagesOf(pages: Array<Array<Partial<ComfyControlWorkflow> & { id: string }>>) {
		const asked: number[] = [];
		const alone: string[] = [];
		const source: Source = {
			...EMPTY,
			page: async (page) => {
				asked.push(page);
				return (pages[page - 1] ?? []).map((workflow) => ({ status: 'completed', ...workflow }));
			},
			read: async (id) => {
				alone.push(id);
				return { id, status: 'running' };
			},
		};
		return { source, asked, alone };
	}
	const pageOf = (page: number, about: object = {}) =>
		Array.from({ length: PER_PAGE }, (_, index) => ({ id: `${page}/${index}`, ...about }));
	const created = (beforeMs: number) => ({
		created_at: new Date(BEGIN_MS - beforeMs).toISOString(),
	});
	const idsOf = (...pages: number[]) => pages.flatMap((page) => pageOf(page).map(({ id }) => id));

	it('goes back so many pages at first, and no further', async () => {
		const { source, asked } = pagesOf(
			Array.from({ length: 30 }, (_, page) => pageOf(page, created(HOUR_MS))),
		);
		const { memory } = await look(undefined, source);
		expect(asked).toHaveLength(FIRST_PAGES);
		expect(memory).toMatchObject({ newestMs: BEGIN_MS - HOUR_MS, open: [] });
	});

	it.each([
		// What is open, the pages that are read, how many are read alone.
		[[2, 3], [1], 10],
		[[2, 3, 4], [1, 2], 10],
		[[2, 3, 4, 5], [1, 2, 3], 10],
		[[20, 21, 22, 23], [1, 2, 3, 4, 5, 6], READS],
	])('reads what is open on pages %j on the pages %j and %d alone', async (open, pages, alone) => {
		const old = Array.from({ length: 12 }, (_, page) => pageOf(page + 1, created(HOUR_MS)));
		const looking = pagesOf(old);
		const memory = { newestMs: BEGIN_MS, open: idsOf(...open), done: [], undated: [] };
		await look(memory, looking.source);
		expect(looking.asked).toEqual(pages);
		expect(looking.alone).toHaveLength(alone);
	});

	it('reads five pages that tell no start and nothing new, if there are no others', async () => {
		const { source, asked } = pagesOf(Array.from({ length: 20 }, (_, page) => pageOf(page)));
		const known = { newestMs: BEGIN_MS, open: [], done: [], undated: idsOf(...Array(20).keys()) };
		await look(known, source);
		expect(asked).toEqual([1, 2, 3, 4, 5]);
	});

	it('keeps so many without a start in mind, those that were seen last', async () => {
		const many = Array.from({ length: 1_000 }, (_, index) => `old-${index}`);
		const { source } = pagesOf([[{ id: 'new' }]]);
		const memory = { newestMs: BEGIN_MS, open: [], done: [], undated: many };
		const { undated } = (await look(memory, source)).memory;
		expect([undated.length, undated[0], undated.at(-1)]).toEqual([1_000, 'new', 'old-998']);
		const again = pagesOf([[{ id: 'old-0' }]]);
		expect((await look({ ...memory, undated: ['old-0'] }, again.source)).memory.undated).toEqual([
			'old-0',
		]);
	});

	it('goes on above a page that repeated, and gives up when that does not help', async () => {
		const pages = [pageOf(1, created(1)), pageOf(2, created(1)), pageOf(2, created(1))];
		let memory: Memory = { newestMs: BEGIN_MS - HOUR_MS, open: [], done: [], undated: [] };
		for (let looks = 1; looks <= 10; looks++) {
			const { memory: next, cut } = await look(memory, pagesOf(pages).source);
			expect([cut, next.rest]).toMatchObject(['repeated', { page: 2, repeated: looks }]);
			memory = next;
		}
		const last = await look(memory, pagesOf(pages).source);
		expect([last.cut, last.memory.rest]).toEqual(['hopeless', undefined]);
	});

	it('goes by when they completed, else by when they changed last', async () => {
		const at = (afterMs: number) => new Date(BEGIN_MS + afterMs).toISOString();
		const { source } = pagesOf([
			[
				{ id: 'third', completed_at: at(30), updated_at: at(0) },
				{ id: 'first', updated_at: at(10) },
				{ id: 'second', completed_at: at(20), updated_at: at(99) },
			],
		]);
		const memory = { newestMs: BEGIN_MS, open: [], done: [], undated: [] };
		const { finished } = await look(memory, source);
		expect(finished.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
	});

	it('hands over in the order in which they finished', async () => {
		const jobs = jobsOf([
			{ startMs: 1, delayMs: 0, lastsMs: 300, status: 'completed' },
			{ startMs: 2, delayMs: 0, lastsMs: 100, status: 'failed' },
		]);
		const clock = { ms: 0 };
		const { memory } = await look(undefined, sourceOf(jobs, clock, 0));
		clock.ms = 1_000;
		const { finished } = await look(memory, sourceOf(jobs, clock, 0));
		expect(finished.map(({ id }) => id)).toEqual(['job-1', 'job-0']);
	});
});

/* eslint-disable no-console -- the figures of the simulation are what it is run for */
import fc from 'fast-check';

import {
	FIRST_PAGES,
	look,
	postponed,
	READS,
	type Memory,
	type Source,
} from '../../../../nodes/ComfyControl/trigger/look';

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
}

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

const step = fc.record({
	afterMs: fc.oneof(fc.constant(60 * SECOND_MS), fc.nat(2 * HOUR_MS)),
	/** The process ends before this look; what it kept is what n8n has saved. */
	isRestart: fc.boolean(),
	/** How much time each request takes: meanwhile others start and finish. */
	requestMs: fc.nat(3 * SECOND_MS),
	/** How many of the finished ones the poll has no more time for. */
	postponed: fc.oneof(fc.constant(0), fc.nat(3)),
});

const history = fc.record({
	jobs: fc.array(job, { maxLength: 150, size: 'max' }),
	steps: fc.array(step, { minLength: 1, maxLength: 30 }),
});

function jobsOf(plans: Array<Omit<Job, 'id' | 'endMs'> & { lastsMs: number }>): Job[] {
	return plans.map(({ lastsMs, ...plan }, index) => ({
		...plan,
		id: `job-${index}`,
		endMs: plan.startMs + plan.delayMs + lastsMs,
	}));
}

/** The list as it is while time passes with each request. */
function sourceOf(jobs: Job[], clock: { ms: number }, requestMs: number): Source {
	const shown = ({ id, startMs, endMs, status }: Job) => ({
		id,
		status: clock.ms >= endMs ? status : 'running',
		created_at: new Date(BEGIN_MS + startMs).toISOString(),
		updated_at: new Date(BEGIN_MS + Math.min(clock.ms, endMs)).toISOString(),
	});
	return {
		perPage: PER_PAGE,
		page: async (page) => {
			clock.ms += requestMs;
			return jobs
				.filter(({ startMs, delayMs }) => startMs + delayMs <= clock.ms)
				.sort((a, b) => b.startMs - a.startMs)
				.slice((page - 1) * PER_PAGE, page * PER_PAGE)
				.map(shown);
		},
		read: async (id) => {
			clock.ms += requestMs;
			const found = jobs.find((candidate) => candidate.id === id);
			return found && shown(found);
		},
	};
}

function saved(memory: Memory | undefined): Memory | undefined {
	return memory === undefined ? undefined : (JSON.parse(JSON.stringify(memory)) as Memory);
}

describe('look', () => {
	it('misses nothing and repeats nothing, whatever happens between the looks', async () => {
		let histories = 0;
		let reportedInAll = 0;
		await fc.assert(
			fc.asyncProperty(history, async ({ jobs: plans, steps }) => {
				const jobs = jobsOf(plans);
				const clock = { ms: 0 };
				const first = await look(undefined, sourceOf(jobs, clock, 0));
				let { memory } = first;
				let kept = saved(memory);
				const reported: string[] = [];
				const poll = async ({ isRestart, requestMs, postponed: late }: typeof last) => {
					// What n8n has not saved is lost with its process. It saves when something is handed over.
					if (isRestart && kept) memory = kept;
					const found = await look(saved(memory), sourceOf(jobs, clock, requestMs));
					const now = found.finished.slice(0, Math.max(found.finished.length - late, 1));
					memory = postponed(found.memory, found.finished.slice(now.length));
					reported.push(...now.map(({ id }) => id));
					if (now.length > 0) kept = saved(memory);
				};
				const last = { afterMs: 0, isRestart: false, requestMs: 0, postponed: 0 };
				for (const next of steps) {
					clock.ms += next.afterMs;
					await poll(next);
				}
				// Everything ends some day, and is then seen within a few looks.
				clock.ms = Math.max(clock.ms, ...jobs.map(({ endMs }) => endMs));
				for (let round = 0; round < 12; round++) await poll(last);

				const isListed = new Set(
					jobs
						.filter(({ startMs, delayMs }) => startMs + delayMs <= 0)
						.sort((a, b) => b.startMs - a.startMs)
						.slice(0, FIRST_PAGES * PER_PAGE)
						.map(({ id }) => id),
				);
				const expected = jobs.filter(
					({ id, startMs, delayMs, endMs }) =>
						endMs > 0 && (isListed.has(id) || startMs + delayMs > 0),
				);
				expect([...reported].sort()).toEqual(expected.map(({ id }) => id).sort());
				histories++;
				reportedInAll += reported.length;
			}),
			{ numRuns: 500 },
		);
		console.log(
			`Trigger simulation: ${histories} histories, ${reportedInAll} workflows, misses 0, repeats 0`,
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

	it('keeps little: what is open, and what is so new that it is read again', async () => {
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
		expect(next.finished).toHaveLength(200);
		expect(next.memory.open).toEqual([]);
		expect(Object.keys(next.memory.done)).toHaveLength(6);
	});

	it('forgets what is no longer there', async () => {
		const source: Source = { perPage: PER_PAGE, page: async () => [], read: async () => undefined };
		const memory = { newestMs: BEGIN_MS, open: ['gone'], done: {} };
		expect((await look(memory, source)).memory.open).toEqual([]);
	});

	it('gets to each open one in turn, though others never finish', async () => {
		const never = Array.from({ length: READS + 5 }, (_, index) => `never-${index}`);
		const source: Source = {
			perPage: PER_PAGE,
			page: async () => [],
			read: async (id) => ({ id, status: id === 'last' ? 'completed' : 'queued' }),
		};
		const memory = { newestMs: BEGIN_MS, open: [...never, 'last'], done: {} };
		const first = await look(memory, source);
		const second = await look(first.memory, source);
		expect([first, second].map(({ finished }) => finished.map(({ id }) => id))).toEqual([
			[],
			['last'],
		]);
		expect([...second.memory.open].sort()).toEqual([...never].sort());
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

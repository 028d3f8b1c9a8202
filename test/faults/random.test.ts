/* eslint-disable no-console -- the figures are what it is run for */
import fc from 'fast-check';

import type { Fault, JobOutcome } from '../sandbox';
import { NOTHING, PHASES, POLICIES, trial, type Phase, type Policy, type Trial } from './trial';

const RUNS = 80;

const what = fc.oneof(
	{ weight: 9, arbitrary: fc.constantFrom('resetBefore', 'resetAfter', 'truncatedBody') },
	{ weight: 6, arbitrary: fc.constantFrom('invalidJson', 'emptyBody') },
	{ weight: 1, arbitrary: fc.constant('hang') },
);

const fault: fc.Arbitrary<Fault> = fc
	.record({
		phase: fc.constantFrom(...(Object.keys(PHASES) as Phase[])),
		kind: fc.oneof(
			what.map((kind) => ({ kind }) as Pick<Fault, 'kind'>),
			fc.record({
				kind: fc.constantFrom<Fault['kind']>('http', 'html'),
				status: fc.constantFrom(400, 401, 403, 404, 409, 429, 500, 502, 503),
			}),
		),
		after: fc.nat(9),
		times: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 40 })),
	})
	.map(({ phase, kind, after, times }) => ({
		on: PHASES[phase],
		...kind,
		after,
		times: 'status' in kind && kind.status === 429 ? Math.min(times, 5) : times,
	}));

const job: fc.Arbitrary<JobOutcome> = fc.record({
	status: fc.constantFrom('completed', 'completed', 'failed', 'invalid', 'cancelled'),
	outputs: fc.nat(3),
});

const batch: fc.Arbitrary<Trial> = fc.record({
	policy: fc.constantFrom(...(Object.keys(POLICIES) as Policy[])),
	items: fc.integer({ min: 1, max: 8 }),
	runsPerItem: fc.constantFrom(1, 1, 3),
	workflowsAtOnce: fc.constantFrom(0, 1, 3),
	faults: fc.array(fault, { maxLength: 6 }),
	jobs: fc.array(job, { maxLength: 8 }),
});

it(`any schedule of faults keeps the three zeros, in ${RUNS} random batches`, async () => {
	let jobs = 0;
	await fc.assert(
		fc.asyncProperty(batch, async (what) => {
			const { findings, startedJobs } = await trial(what);
			jobs += startedJobs;
			expect(findings).toEqual(NOTHING);
		}),
		{ numRuns: RUNS, endOnFailure: true },
	);
	console.log(`Random faults: ${RUNS} batches, ${jobs} jobs, nothing twice, missing or leaked`);
});

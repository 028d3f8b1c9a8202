/* eslint-disable no-console -- the figures of the matrix are what it is run for */
import type { Fault, Sandbox } from '../sandbox';
import { clock } from '../support/clock';
import { NOTHING, PHASES, trial, type Phase, type Policy, type Trial } from './trial';

const ITEMS = 4;

const FAULTS: Record<string, Omit<Fault, 'on'>> = {
	'reset before processing': { kind: 'resetBefore' },
	'reset after processing': { kind: 'resetAfter' },
	'429 JSON': { kind: 'http', status: 429 },
	'429 HTML': { kind: 'html', status: 429 },
	500: { kind: 'http', status: 500 },
	503: { kind: 'http', status: 503 },
	'HTML 502': { kind: 'html', status: 502 },
	'truncated body': { kind: 'truncatedBody' },
	'invalid JSON': { kind: 'invalidJson' },
	'empty body': { kind: 'emptyBody' },
	'hang until timeout': { kind: 'hang' },
	'processed, then a redirect': { kind: 'emptyBody', status: 307 },
	'processed, then 408': { kind: 'emptyBody', status: 408 },
	'processed, then 499': { kind: 'emptyBody', status: 499 },
	404: { kind: 'http', status: 404 },
	403: { kind: 'http', status: 403 },
};

interface Case {
	name: string;
	trial: Trial;
}

const phases = Object.keys(PHASES) as Phase[];
const policies: Policy[] = ['stop', 'continue', 'Retry On Fail', 'a click on Retry'];

const faultCases = policies.flatMap((policy) =>
	phases.flatMap((phase) =>
		Object.entries(FAULTS).flatMap(([what, fault]) => {
			return [
				{ often: 'once', amount: { after: 1 } },
				{ often: 'again and again', amount: { times: 1_000 } },
			].map(
				({ often, amount }): Case => ({
					name: `${phase}: ${what}, ${often}, ${policy}`,
					trial: { policy, items: ITEMS, faults: [{ on: PHASES[phase], ...fault, ...amount }] },
				}),
			);
		}),
	),
);

const cancelCases = phases.flatMap((phase) =>
	policies.flatMap((policy): Case[] => [
		{
			name: `${phase}: execution stopped, ${policy}`,
			trial: {
				policy,
				items: ITEMS,
				faults: [{ on: PHASES[phase], kind: 'hang', after: 1, times: 8 }],
				meanwhile: async (sandbox, stop) => {
					await clock.until(() => isReached(sandbox, phase));
					// The answers of the others have arrived.
					await clock.quiet();
					stop();
				},
			},
		},
		{
			name: `${phase}: workflow cancelled on ComfyControl, ${policy}`,
			trial: {
				policy,
				items: ITEMS,
				meanwhile: async (sandbox) => {
					await clock.until(() => isReached(sandbox, phase) && isCancellable(sandbox));
					sandbox.cancel(firstStarted(sandbox)?.id ?? '');
				},
			},
		},
	]),
);

function isReached({ requests, downloads }: Sandbox, phase: Phase): boolean {
	const { method, path, host } = { path: /./, ...PHASES[phase] };
	const log = host === 'storage' ? downloads : requests;
	return log.some((request) => request.method === method && path.test(request.path));
}

function firstStarted({ workflows }: Sandbox) {
	return workflows.find(({ rerunOf }) => rerunOf !== null);
}

/** Whether the first workflow can be cancelled, or could be. */
function isCancellable(sandbox: Sandbox): boolean {
	const status = firstStarted(sandbox)?.status;
	return status !== undefined && status !== 'accepted' && status !== 'uploaded';
}

// One after the other: no number of them goes together with one fault or phase alone.
const AT_ONCE = [0, 1, 3];
const RUNS_PER_ITEM = [1, 1, 2, 1, 3];
const cases = [...faultCases, ...cancelCases].map(({ name, trial: what }, index): Case => {
	const workflowsAtOnce = AT_ONCE[index % AT_ONCE.length];
	const runsPerItem = RUNS_PER_ITEM[index % RUNS_PER_ITEM.length];
	return {
		name: `${name}, ${workflowsAtOnce} at once, ${runsPerItem} an item`,
		trial: { ...what, workflowsAtOnce, runsPerItem },
	};
});
const total = { cases: 0, jobs: 0, startedTwice: 0, missing: 0, tokenSeen: 0 };

it.each(cases)('$name', async ({ trial: what }) => {
	const { findings, startedJobs } = await trial(what);
	total.cases++;
	total.jobs += startedJobs;
	total.startedTwice += findings.startedTwice.length;
	total.missing += findings.missing.length;
	total.tokenSeen += findings.tokenSeen.length;
	expect(findings).toEqual(NOTHING);
});

afterAll(() => {
	console.log(
		[
			`Fault matrix: ${total.cases} cases, ${total.jobs} jobs`,
			`jobs started twice: ${total.startedTwice}`,
			`started jobs missing from output or error: ${total.missing}`,
			`token seen outside the API host: ${total.tokenSeen}`,
		].join('\n'),
	);
});

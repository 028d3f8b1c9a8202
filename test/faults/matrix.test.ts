/* eslint-disable no-console -- the figures of the matrix are what it is run for */
import { sleep } from 'n8n-workflow';

import type { Fault, Sandbox } from '../sandbox';
import { NOTHING, PHASES, soon, trial, type Phase, type Policy, type Trial } from './trial';

jest.mock('../../nodes/ComfyControl/transport/time', () =>
	jest.requireActual('../support/fastTime'),
);
jest.mock('../../nodes/ComfyControl/transport/timeouts', () => ({
	IDLE_TIMEOUT_MS: { read: 300, upload: 300, download: 300 },
}));
// Painting is most of what the sandbox does, and nobody looks at these pictures.
jest.mock('../sandbox/picture', () => {
	const picture = Buffer.alloc(2_000, 'picture');
	return { paintPicture: async () => picture, paintSketch: () => picture };
});

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
	404: { kind: 'http', status: 404 },
	403: { kind: 'http', status: 403 },
};

// Until these are given up for good it takes long, even here.
const LASTING_BRIEFLY = new Set(['429 JSON', '429 HTML', 'hang until timeout']);
const AT_ONCE = 6;

interface Case {
	name: string;
	trial: Trial;
}

const phases = Object.keys(PHASES) as Phase[];
const policies: Policy[] = ['stop', 'continue', 'Retry On Fail'];

// In this order the cases that wait long are far from each other.
const faultCases = policies.flatMap((policy) =>
	phases.flatMap((phase) =>
		Object.entries(FAULTS).flatMap(([what, fault]) => {
			const lasting = LASTING_BRIEFLY.has(what) ? { times: 12 } : { times: 1_000 };
			return [
				{ often: 'once', amount: { after: 1 } },
				{ often: 'again and again', amount: lasting },
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
					await soon(() => isReached(sandbox, phase));
					// Time for the answers of the others to arrive.
					await sleep(40);
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
					await soon(() => isReached(sandbox, phase));
					await cancelFirst(sandbox);
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

async function cancelFirst(sandbox: Sandbox): Promise<void> {
	const headers = { authorization: `Bearer ${sandbox.token}` };
	for (let i = 0; i < 40; i++) {
		const first = sandbox.workflows.find(({ rerunOf }) => rerunOf !== null);
		if (first?.status === 'completed' || first?.status === 'cancelled') return;
		const path = `/v1/workflow/${first?.id}/cancel`;
		await fetch(`${sandbox.apiUrl}${path}`, { method: 'POST', headers });
		await sleep(5);
	}
}

const cases = [...faultCases, ...cancelCases];
const begun = new Map<number, ReturnType<typeof trial>>();
const total = { cases: 0, jobs: 0, startedTwice: 0, missing: 0, tokenSeen: 0 };

// Much of a case is waiting, so the next ones begin meanwhile.
function trialOf(index: number) {
	for (let i = index; i < Math.min(index + AT_ONCE, cases.length); i++) {
		if (!begun.has(i)) begun.set(i, trial(cases[i].trial));
	}
	return begun.get(index) ?? trial(cases[index].trial);
}

it.each(cases.map(({ name }, index) => [name, index] as const))('%s', async (_name, index) => {
	const { findings, startedJobs } = await trialOf(index);
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

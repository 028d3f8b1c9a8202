import type { IDataObject } from 'n8n-workflow';

import { poll } from '../../nodes/ComfyControl/trigger/poll';
import { startSandbox, type Fault } from '../sandbox';
import { clock } from '../support/clock';
import { pollContext, runNode } from '../support/engine';
import { rerunParameters } from '../support/rerun';
import { NOTHING, PHASES, trial, type Phase, type Policy } from './trial';

const MINUTE_MS = 60_000;

/** Answers whose bytes come one in five seconds outlive every timeout that waits for silence. */
const dripAt = (on: Fault['on'], times: number): Fault => ({ on, kind: 'drip', times });

const LATE = /^ComfyControl did not answer in time \(ETIMEDOUT\)/;

/** Within how many minutes an execution ends, and what it says, when all answers of a phase drip. */
const ENDS: Record<Phase, { minutes: number; message: RegExp }> = {
	// Without the check the API decides.
	check: { minutes: 4.5, message: /^$/ },
	submit: { minutes: 5.1, message: LATE },
	track: { minutes: 1, message: /was not finished after 30 seconds/ },
	'list outputs': { minutes: 4.5, message: LATE },
	download: {
		minutes: 5,
		message: /could not be downloaded \(it did not come in time, ETIMEDOUT\)/,
	},
};

const phases = Object.keys(ENDS) as Phase[];

describe('answers that drip', () => {
	it.each(phases)('end the execution in time, and say so: %s', async (phase) => {
		const { minutes, message } = ENDS[phase];
		const begunMs = clock.nowMs();
		const faults = [dripAt(PHASES[phase], 1_000)];
		const { findings, result } = await trial({ policy: 'stop', items: 2, faults });
		expect(result.error.message).toMatch(message);
		expect(findings).toEqual(NOTHING);
		expect(clock.nowMs() - begunMs).toBeLessThan(minutes * MINUTE_MS);
	});

	const policies: Policy[] = ['stop', 'continue', 'Retry On Fail'];
	const cases = phases.flatMap((phase) =>
		policies.flatMap((policy) => [1, 1_000].map((times) => ({ phase, policy, times }))),
	);

	it.each(cases)(
		'start nothing twice and lose nothing: $phase, $policy, $times',
		async ({ phase, policy, times }) => {
			const faults = [dripAt(PHASES[phase], times)];
			const { findings } = await trial({ policy, items: 4, faults });
			expect(findings).toEqual(NOTHING);
		},
	);

	it.each(phases.filter((phase) => phase !== 'submit'))(
		'are no failure when the next one does not: %s',
		async (phase) => {
			const { result } = await trial({
				policy: 'stop',
				items: 2,
				faults: [dripAt(PHASES[phase], 1)],
			});
			expect(result.run.status).toBe('success');
		},
	);
});

describe('answers that drip to the trigger', () => {
	it.each([
		['the list', { path: /\/workflow$/, host: 'api' } as const, 2, 'Text to Image'],
		// It has fired already, with the reason.
		['the outputs', { path: /\/outputs$/, host: 'api' } as const, 2, 'null'],
		['a file', { host: 'storage' } as const, 4, 'null'],
	])('end its poll in time, and the next one works: %s', async (_what, on, times, next) => {
		const sandbox = await startSandbox({ clock, rateLimit: false, pictures: 'plain' });
		const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
		const kept: IDataObject = {};
		const polled = async () => {
			const parameters = { events: ['completed'], options: { includeOwn: true } };
			const context = pollContext({ parameters, credentials }, kept);
			return JSON.stringify(await poll.call(context));
		};
		try {
			await polled();
			await runNode({
				parameters: rerunParameters(sandbox.seeds.textToImage),
				items: [{ json: {} }],
				credentials,
			});
			await clock.pause(MINUTE_MS);
			sandbox.failNext(dripAt(on, times));
			const begunMs = clock.nowMs();
			const said = await polled().catch(({ message }: Error) => message);
			expect(said).toContain('in time');
			expect(clock.nowMs() - begunMs).toBeLessThan(4.5 * MINUTE_MS);
			await expect(polled()).resolves.toContain(next);
		} finally {
			await sandbox.stop();
		}
	});
});

import * as n8nWorkflow from 'n8n-workflow';

import type { ApiContext } from '../../../../nodes/ComfyControl/transport/context';
import type * as ending from '../../../../nodes/ComfyControl/transport/ending';
import {
	STOP_WORK_MS,
	stoppedLateOnceSent,
	throwIfStopped,
	withSignal,
} from '../../../../nodes/ComfyControl/transport/ending';
import { clock } from '../../../support/clock';
import { asNode } from '../../../support/asNode';

const ENDING = '../../../../nodes/ComfyControl/transport/ending';

async function withContext(work: (context: ApiContext) => void): Promise<void> {
	await asNode({ apiToken: '', baseUrl: 'http://127.0.0.1' }, async (context) => work(context));
}

describe('throwIfStopped', () => {
	it('throws what n8n takes for a stop, and only after one', async () => {
		await withContext((context) => {
			const stop = new AbortController();
			const execution = withSignal(context, stop.signal);
			expect(() => throwIfStopped(execution)).not.toThrow();
			expect(() => throwIfStopped(withSignal(context, undefined))).not.toThrow();
			stop.abort();
			expect(() => throwIfStopped(execution)).toThrow(
				expect.objectContaining({ name: 'ManualExecutionCancelledError' }),
			);
			expect(execution.getNode()).toEqual(context.getNode());
		});
	});

	it('throws it in n8n before 1.115 too, which has no class for a stop by hand', async () => {
		const older = { ...n8nWorkflow, ManualExecutionCancelledError: undefined };
		jest.doMock('n8n-workflow', () => older);
		let there: typeof ending | undefined;
		jest.isolateModules(() => {
			there = jest.requireActual<typeof ending>(ENDING);
		});
		await withContext((context) => {
			const stopped = withSignal(context, AbortSignal.abort());
			expect(() => there?.throwIfStopped(stopped)).toThrow(
				expect.any(n8nWorkflow.ExecutionCancelledError),
			);
		});
		jest.dontMock('n8n-workflow');
	});
});

describe('stoppedLateOnceSent', () => {
	/** Sends a request that ends when it is answered or aborted. */
	function sending(isSent: boolean, stop = new AbortController()) {
		let answer: (text: string) => void;
		let lateSignal: AbortSignal | undefined;
		const result = stoppedLateOnceSent(
			stop.signal,
			() => isSent,
			async (signal) =>
				await new Promise<string>((resolve, reject) => {
					lateSignal = signal;
					answer = resolve;
					signal.addEventListener('abort', () => reject(new Error('aborted')));
				}),
		);
		return { stop, result, answer: (text: string) => answer(text), lateSignal: () => lateSignal };
	}

	it('ends a request at once that is still being sent', async () => {
		const { stop, result } = sending(false);
		const stoppedMs = clock.nowMs();
		stop.abort();
		await expect(result).rejects.toThrow('aborted');
		expect(clock.nowMs()).toBe(stoppedMs);
	});

	it('lets one that is wholly sent wait for its answer', async () => {
		const { stop, result, answer, lateSignal } = sending(true);
		stop.abort();
		await clock.pause(STOP_WORK_MS - 1);
		expect(lateSignal()?.aborted).toBe(false);
		answer('started');
		expect(await result).toBe('started');
	});

	it('ends it when no answer comes for half a minute', async () => {
		const { stop, result } = sending(true);
		const stoppedMs = clock.nowMs();
		stop.abort();
		await expect(result).rejects.toThrow('aborted');
		expect(clock.nowMs() - stoppedMs).toBe(30_000);
	});

	it('has nothing more to do with a stop after the answer', async () => {
		const { stop, result, answer, lateSignal } = sending(true);
		answer('done');
		await result;
		stop.abort();
		await clock.pause(2 * STOP_WORK_MS);
		expect(lateSignal()?.aborted).toBe(false);
	});

	it('needs no signal', async () => {
		const send = async () => await Promise.resolve('done');
		expect(await stoppedLateOnceSent(undefined, () => true, send)).toBe('done');
	});
});

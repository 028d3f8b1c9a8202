/** @jest-environment node */
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- looks for leaks in tests, never part of the node */
import { getEventListeners } from 'node:events';

import { orAborted, pause } from '../../../../nodes/ComfyControl/basics/time';

describe('pause', () => {
	beforeEach(() => void jest.useFakeTimers());
	afterEach(() => void jest.useRealTimers());

	it.each([undefined, new AbortController().signal])(
		'takes its time, with a signal %p',
		async (signal) => {
			const onEnd = jest.fn();
			void pause(10_000, signal).then(onEnd);
			await jest.advanceTimersByTimeAsync(9_999);
			expect(onEnd).not.toHaveBeenCalled();
			await jest.advanceTimersByTimeAsync(1);
			expect(onEnd).toHaveBeenCalledTimes(1);
		},
	);

	it('ends well as soon as the signal aborts, and leaves no timer behind', async () => {
		const stop = new AbortController();
		const pausing = pause(10_000, stop.signal);
		await jest.advanceTimersByTimeAsync(5_000);
		stop.abort();
		await expect(pausing).resolves.toBeUndefined();
		expect(jest.getTimerCount()).toBe(0);
	});

	it('does not begin when the signal has aborted already', async () => {
		await expect(pause(10_000, AbortSignal.abort())).resolves.toBeUndefined();
		expect(jest.getTimerCount()).toBe(0);
	});

	it('leaves no listener on a signal that outlives many pauses', async () => {
		const { signal } = new AbortController();
		for (let i = 0; i < 20; i++) {
			const pausing = pause(1_000, signal);
			await jest.advanceTimersByTimeAsync(1_000);
			await pausing;
		}
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});

describe('orAborted', () => {
	it('ends with a promise that never settles when the signal aborts', async () => {
		const stop = new AbortController();
		const ended = orAborted(new Promise(() => {}), stop.signal);
		stop.abort();
		await expect(ended).resolves.toBeUndefined();
		expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
	});

	it('does not wait for such a promise when the signal has aborted already', async () => {
		const ended = orAborted(new Promise(() => {}), AbortSignal.abort());
		await expect(ended).resolves.toBeUndefined();
	});

	it.each([undefined, new AbortController().signal, AbortSignal.abort()])(
		'does not fail with the promise, with a signal %p',
		async (signal) => {
			const failed = Promise.reject(new Error('failed'));
			await expect(orAborted(failed, signal)).resolves.toBeUndefined();
		},
	);
});

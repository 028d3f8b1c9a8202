import { sleep } from 'n8n-workflow';

/** The clock that limits, pauses and deadlines go by, in milliseconds since 1970. */
export function nowMs(): number {
	return Date.now();
}

/**
 * Waits, or ends at once when the signal aborts: then the caller finds out by looking at the signal.
 * Up to n8n 2.33 `sleep` knows no signal, so the signal is watched here.
 */
export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
	await orAborted(sleep(durationMs, signal), signal);
}

/** Settles with the promise, or as soon as the signal aborts. Never rejects. */
export async function orAborted(
	promise: Promise<unknown>,
	signal: AbortSignal | undefined,
): Promise<void> {
	// Caught in any case: an aborted `sleep` rejects, and nobody else looks at it.
	const settled = promise.catch(() => {});
	if (signal?.aborted) return;
	let onAbort = () => {};
	const aborted = new Promise<void>((resolve) => (onAbort = resolve));
	signal?.addEventListener('abort', onAbort, { once: true });
	await Promise.race([settled, aborted]);
	signal?.removeEventListener('abort', onAbort);
}

import { pause } from '../basics/time';

// Idle timeouts don't end what drips: a byte now and then keeps a connection busy for ever.

/** How long a read may take: a page of a hundred workflows needs seconds, even on a slow line. */
export const READ_MS = 120_000;

/** The least that a read is given when its time is nearly up: enough for an answer from far away. */
const LEAST_READ_MS = 15_000;

/** What ComfyControl may take to store what was uploaded, and storage to begin with a file. */
const STORE_MS = 300_000;

/** The slowest line that a file still makes it over: 50 MB in some 17 minutes. */
const SLOWEST_BYTES_PER_MS = 50;

/** How long a read may take that is of no use after `leftMs` any more. */
export function readDeadlineMs(leftMs: number): number {
	return Math.min(READ_MS, Math.max(leftMs, LEAST_READ_MS));
}

/** How long sending or fetching so many bytes may take. */
export function transferDeadlineMs(sizeBytes: number): number {
	return STORE_MS + sizeBytes / SLOWEST_BYTES_PER_MS;
}

/**
 * Does work that a signal ends, and that ends by itself when its time is over.
 *
 * @throws RangeError with the code `ETIMEDOUT` when its time was over, else what the work throws
 */
export async function endedInTime<Result>(
	signal: AbortSignal | undefined,
	durationMs: number,
	work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const end = new AbortController();
	const done = new AbortController();
	let isOver = false;
	const onStop = () => end.abort(signal?.reason);
	if (signal?.aborted) onStop();
	signal?.addEventListener('abort', onStop, { once: true });
	void pause(durationMs, done.signal).then(() => {
		if (done.signal.aborted) return;
		isOver = true;
		end.abort();
	});
	try {
		return await work(end.signal);
	} catch (fault) {
		throw isOver ? Object.assign(new RangeError('Time is over'), { code: 'ETIMEDOUT' }) : fault;
	} finally {
		signal?.removeEventListener('abort', onStop);
		done.abort();
	}
}

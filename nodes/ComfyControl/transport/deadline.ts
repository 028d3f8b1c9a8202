import { pause } from '../basics/time';

// Idle timeouts don't end what drips: a byte now and then keeps a connection busy for ever.

/** How long a read may take: a page of a hundred workflows needs seconds, even on a slow line. */
export const READ_MS = 120_000;

/** The least that a read is given when its time is nearly up: enough for an answer from far away. */
const LEAST_READ_MS = 15_000;

/** What ComfyControl may take to store what was uploaded. */
const STORE_MS = 300_000;

/** What may pass until a file begins to come, and n8n may take to keep it once it is there. */
export const BEGIN_MS = 60_000;

/** The slowest that one of several files may come that share a slow line: 50 MB in some 85 minutes. */
const SLOWEST_DOWNLOAD_BYTES_PER_MS = 10;

/** For a file of which nobody says how large it is: 36 MB on that line, much more on any other. */
const UNKNOWN_SIZE_MS = 60 * 60_000;

/** The longest that anything may take, whatever size it claims. */
const MOST_MS = 24 * 60 * 60_000;

/** The slowest line that a file still makes it over: 50 MB in some 17 minutes. */
const SLOWEST_BYTES_PER_MS = 50;

/** How long a read may take that is of no use after `leftMs` any more. */
export function readDeadlineMs(leftMs: number): number {
	return Math.min(READ_MS, Math.max(leftMs, LEAST_READ_MS));
}

/** How long sending so many bytes may take. */
export function transferDeadlineMs(sizeBytes: number): number {
	return STORE_MS + sizeBytes / SLOWEST_BYTES_PER_MS;
}

/**
 * How long a file of so many bytes may take to come, from when it has begun.
 *
 * @param mostBytes how large one of unknown size is at most, if that is known
 */
export function downloadDeadlineMs(sizeBytes: number | undefined, mostBytes = Infinity): number {
	if (sizeBytes === undefined) {
		return Math.min(BEGIN_MS + mostBytes / SLOWEST_BYTES_PER_MS, UNKNOWN_SIZE_MS);
	}
	return Math.min(BEGIN_MS + sizeBytes / SLOWEST_DOWNLOAD_BYTES_PER_MS, MOST_MS);
}

/**
 * Does work that a signal ends, and that ends by itself when its time is over.
 *
 * @param work gets the signal that ends it, whose reason is that error if its time is over, and a function
 * that gives it so much time from now on instead, in milliseconds
 * @throws RangeError with the code `ETIMEDOUT` when its time was over, else what the work throws
 */
export async function endedInTime<Result>(
	signal: AbortSignal | undefined,
	durationMs: number,
	work: (signal: AbortSignal, give: (durationMs: number) => void) => Promise<Result>,
): Promise<Result> {
	const end = new AbortController();
	let timer = new AbortController();
	const late = Object.assign(new RangeError('Time is over'), { code: 'ETIMEDOUT' });
	const onStop = () => end.abort(signal?.reason);
	if (signal?.aborted) onStop();
	signal?.addEventListener('abort', onStop, { once: true });
	const give = (givenMs: number) => {
		timer.abort();
		const { signal: isReplaced } = (timer = new AbortController());
		void pause(givenMs, isReplaced).then(() => {
			if (!isReplaced.aborted) end.abort(late);
		});
	};
	give(durationMs);
	try {
		return await work(end.signal, give);
	} catch (fault) {
		throw end.signal.reason === late ? late : fault;
	} finally {
		signal?.removeEventListener('abort', onStop);
		timer.abort();
	}
}

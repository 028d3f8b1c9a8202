import { ExecutionCancelledError, ManualExecutionCancelledError } from 'n8n-workflow';

import { stopSignal, type ApiContext } from './context';
import { pause } from '../basics/time';

/** How long a stopped execution goes on at most, for what the user wants done at ComfyControl. */
export const STOP_WORK_MS = 30_000;

/** @throws ManualExecutionCancelledError when the execution was stopped */
export function throwIfStopped(context: ApiContext): void {
	if (stopSignal(context)?.aborted) throw stoppedError(context);
}

/** n8n tells a stopped execution from a failed one by the error's class and name. */
export function stoppedError(context: ApiContext): ExecutionCancelledError {
	const executionId = context.getExecutionId();
	// n8n before 1.115 has only the class that the other one extends.
	return ManualExecutionCancelledError
		? new ManualExecutionCancelledError(executionId)
		: new EarlierExecutionCancelledError(executionId, 'manual');
}

class EarlierExecutionCancelledError extends ExecutionCancelledError {}

/**
 * The context with another signal to stop its requests. n8n's request helper takes the signal from the
 * context that it is called on, whatever the request says.
 */
export function withSignal(context: ApiContext, signal: AbortSignal | undefined): ApiContext {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } });
}

/** Sends a request that `signal` stops at once while it is being sent, and later once it is sent. */
export async function stoppedLateOnceSent<Answer>(
	signal: AbortSignal | undefined,
	isSent: () => boolean,
	send: (lateSignal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
	const late = new AbortController();
	const answered = new AbortController();
	const onStop = async () => {
		if (isSent()) await pause(STOP_WORK_MS, answered.signal);
		late.abort();
	};
	if (signal?.aborted) void onStop();
	signal?.addEventListener('abort', onStop, { once: true });
	try {
		return await send(late.signal);
	} finally {
		signal?.removeEventListener('abort', onStop);
		answered.abort();
	}
}

/** A signal that aborts as soon as one of them does. */
export function eitherSignal(
	one: AbortSignal | undefined,
	other: AbortSignal | undefined,
): AbortSignal | undefined {
	return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}

/**
 * How long nothing may happen on a connection before it is given up, in milliseconds. While bytes
 * move it is not cut off, however slowly: an upload's time is for ComfyControl to store the files.
 */
export const IDLE_TIMEOUT_MS = { editor: 10_000, read: 30_000, upload: 300_000, download: 60_000 };

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

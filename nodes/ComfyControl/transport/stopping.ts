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

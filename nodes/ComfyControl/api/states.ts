import type { Entity } from './endpoint';

/**
 * What ComfyControl tells of a workflow. Only the fields that the node relies on are named.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/get
 */
export type ComfyControlWorkflow = Entity;

/** How a workflow stands: the states of the API, and any that it may get. */
export type Progress = 'completed' | 'failed' | 'pending';

// `invalid` is in the API's list of states but in none of its explanations. A workflow that ComfyUI
// turned down won't run, so it counts as failed.
const FAILED_STATES = new Set(['failed', 'invalid', 'cancelled']);

/**
 * Whether a workflow is finished, and how. A state that isn't known is not finished.
 *
 * @see https://docs.comfycontrol.app/concepts/workflows
 */
export function progressOf({ status }: ComfyControlWorkflow): Progress {
	if (status === 'completed') return 'completed';
	return FAILED_STATES.has(String(status)) ? 'failed' : 'pending';
}

/** A time of the API in milliseconds since 1970, or undefined when it has none. */
export function timeMs(timestamp: unknown): number | undefined {
	const time = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
	return Number.isNaN(time) ? undefined : time;
}

/** How long a finished workflow ran, in milliseconds, if that is known and makes sense. */
export function runTimeOf({
	started_at: startedAt,
	completed_at: completedAt,
}: ComfyControlWorkflow): number | undefined {
	const startMs = timeMs(startedAt);
	const endMs = timeMs(completedAt);
	if (startMs === undefined || endMs === undefined || endMs < startMs) return undefined;
	return endMs - startMs;
}

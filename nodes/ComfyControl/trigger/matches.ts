import type { ComfyControlWorkflow } from '../api/states';

/** How a workflow may end. `invalid` is counted as failed. */
export type EndEvent = 'completed' | 'failed' | 'cancelled';

/** Which finished workflows the trigger is for. */
export interface Wanted {
	events: string[];
	/** A part of the name, empty for any. */
	name: string;
	/** The tags that it must all have. */
	tags: string[];
}

/** How a finished workflow ended. */
export function eventOf({ status }: ComfyControlWorkflow): EndEvent {
	return status === 'completed' || status === 'cancelled' ? status : 'failed';
}

/** Whether the trigger is for this finished workflow. */
export function isWanted(workflow: ComfyControlWorkflow, { events, name, tags }: Wanted): boolean {
	const own: unknown[] = Array.isArray(workflow.tags) ? workflow.tags : [];
	return (
		events.includes(eventOf(workflow)) &&
		String(workflow.name).toLowerCase().includes(name.toLowerCase()) &&
		tags.every((tag) => own.includes(tag))
	);
}

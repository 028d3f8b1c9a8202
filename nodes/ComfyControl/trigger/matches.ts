import { isRecord } from '../basics/guards';
import { tagsIn } from '../parameters/limits';
import { wrong, type Checked } from '../parameters/types';
import type { ComfyControlWorkflow } from '../api/states';

/** How a workflow may end. `invalid` is counted as failed. */
export type EndEvent = 'completed' | 'failed' | 'cancelled';

/** Which finished workflows the trigger is for. */
export interface Wanted {
	events: string[];
	name: NameFilter;
	/** The tags that it must all have. */
	tags: string[];
	/** The tags of which it must have none. */
	excludeTags: string[];
}

/** What a name must be. */
export interface NameFilter {
	/** Empty for any name. */
	text: string;
	/** Whether it must be the text, rather than contain it in upper or lower case. */
	isWhole: boolean;
}

/**
 * The filter that was entered: a part of the name, or a name that was picked from the list. One that was added and
 * left empty would let everything through.
 */
export function nameFilter(entered: unknown): Checked<NameFilter> {
	if (!isRecord(entered)) return { value: { text: String(entered ?? '').trim(), isWhole: false } };
	const text = String(entered.value ?? '');
	if (text.trim() === '') {
		return wrong("The filter 'Name' has no name", 'Choose or enter one, or remove the filter.');
	}
	return {
		value:
			entered.mode === 'list' ? { text, isWhole: true } : { text: text.trim(), isWhole: false },
	};
}

/**
 * The tags that were entered in a filter. One that was added and left empty would let everything through.
 *
 * @param entered nothing if the filter was not added
 */
export function tagFilter(label: string, entered: unknown): Checked<string[]> {
	if (entered === undefined || entered === null) return { value: [] };
	return Array.isArray(entered) && entered.length === 0
		? wrong(`The filter '${label}' has no tags`, 'Add one to it, or remove the filter.')
		: tagsIn(entered);
}

/** How a finished workflow ended. */
export function eventOf({ status }: ComfyControlWorkflow): EndEvent {
	return status === 'completed' || status === 'cancelled' ? status : 'failed';
}

/** Whether the trigger is for this finished workflow. */
export function isWanted(workflow: ComfyControlWorkflow, wanted: Wanted): boolean {
	const own: unknown[] = Array.isArray(workflow.tags) ? workflow.tags : [];
	return (
		wanted.events.includes(eventOf(workflow)) &&
		isNamed(String(workflow.name), wanted.name) &&
		wanted.tags.every((tag) => own.includes(tag)) &&
		!wanted.excludeTags.some((tag) => own.includes(tag))
	);
}

function isNamed(name: string, { text, isWhole }: NameFilter): boolean {
	if (text === '') return true;
	return isWhole ? name === text : name.toLowerCase().includes(text.toLowerCase());
}

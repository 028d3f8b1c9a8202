import { isRecord } from '../basics/guards';
import { tagsIn } from '../parameters/limits';
import { wrong, type Checked } from '../parameters/types';
import type { ComfyControlWorkflow } from '../api/states';

/** How a workflow may end. `invalid` is counted as failed. */
export type EndEvent = 'completed' | 'failed' | 'cancelled';

const EVENTS: string[] = ['completed', 'failed', 'cancelled'] satisfies EndEvent[];

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

/** The events that were entered. @returns a problem if it can be none of them */
export function eventsIn(entered: unknown): Checked<string[]> {
	const events = (Array.isArray(entered) ? entered : [entered]).map(String);
	return events.length > 0 && events.every((event) => EVENTS.includes(event))
		? { value: events }
		: wrong(
				"'Events' has no event, or one that doesn't exist",
				`Choose one or more of these: ${EVENTS.join(', ')}.`,
			);
}

/**
 * The filter that was entered: a part of the name, or a name that was picked from the list. One that was added and
 * left empty would let everything through.
 */
export function nameFilter(filters: Record<string, unknown>): Checked<NameFilter> {
	if (!('name' in filters)) return { value: { text: '', isWhole: false } };
	const entered = filters.name;
	const isPicked = isRecord(entered) && entered.mode === 'list';
	const text = String((isRecord(entered) ? entered.value : entered) ?? '');
	if (text.trim() === '') {
		return wrong("The filter 'Name' has no name", 'Choose or enter one, or remove the filter.');
	}
	return { value: isPicked ? { text, isWhole: true } : { text: text.trim(), isWhole: false } };
}

/** The tags that were entered in a filter. One that was added and left empty would let everything through. */
export function tagFilter(
	filters: Record<string, unknown>,
	name: string,
	label: string,
): Checked<string[]> {
	if (!(name in filters)) return { value: [] };
	const entered = filters[name];
	return Array.isArray(entered) && entered.length === 0
		? wrong(`The filter '${label}' has no tags`, 'Add one to it, or remove the filter.')
		: tagsIn(entered, Infinity, label);
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

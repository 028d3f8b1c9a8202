import { isRecord } from '../basics/guards';
import type { ComfyControlWorkflow } from '../api/states';

/**
 * What is kept from look to look.
 *
 * It stays small: `open` holds what is not finished, which ComfyControl's queue limits, and `done` what
 * was started in the five minutes before the newest, which its limit of requests keeps under 1,200 for
 * one address; more only while there is a `rest`.
 */
export interface Memory {
	/** When the newest workflow was started, of those whose start makes sense. */
	newestMs: number;
	/** The workflows that were seen and not finished, the one to be read first in front. */
	open: string[];
	/** The finished ones that are read again because they are so new, and when each was started. */
	done: Array<[id: string, startedMs: number]>;
	/** Finished ones whose start makes no sense, the last seen in front. */
	undated: string[];
	/** What the last look did not get to. */
	rest?: Rest;
}

/** The part of the list that is still to be read. */
export interface Rest {
	/** The last page above it, counted from 1. Read again, it shows whether the list goes on. */
	page: number;
	/** Since when what was started there may be new. */
	sinceMs: number;
	/** How many looks in a row got no further because the list repeated itself. */
	repeated: number;
}

/** Whether what is kept is a memory as this version of the package keeps it. */
export function isMemory(kept: unknown): kept is Memory {
	return (
		isRecord(kept) &&
		Number.isFinite(kept.newestMs) &&
		isListOf(kept.open, isText) &&
		isListOf(kept.done, isDone) &&
		isListOf(kept.undated, isText) &&
		(kept.rest === undefined || isRest(kept.rest))
	);
}

/** The memory with which these are found to have finished once more. */
export function postponed(memory: Memory, workflows: ComfyControlWorkflow[]): Memory {
	const ids = workflows.map(({ id }) => id);
	return {
		...memory,
		open: [...ids, ...memory.open],
		done: memory.done.filter(([id]) => !ids.includes(id)),
		undated: memory.undated.filter((id) => !ids.includes(id)),
	};
}

function isListOf(kept: unknown, isEntry: (entry: unknown) => boolean): boolean {
	return Array.isArray(kept) && kept.every(isEntry);
}

function isText(entry: unknown): boolean {
	return typeof entry === 'string';
}

function isDone(entry: unknown): boolean {
	return Array.isArray(entry) && isText(entry[0]) && Number.isFinite(entry[1]);
}

function isRest(kept: unknown): boolean {
	return isRecord(kept) && [kept.page, kept.sinceMs, kept.repeated].every(Number.isFinite);
}

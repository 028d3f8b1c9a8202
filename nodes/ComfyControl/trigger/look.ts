import { isRecord } from '../basics/guards';
import { progressOf, timeMs, type ComfyControlWorkflow } from '../api/states';

// A workflow may enter the list a little after one that was started later. So long it is waited for.
const OVERLAP_MS = 5 * 60_000;

/** How far the first look goes back for workflows that are not finished. */
export const FIRST_PAGES = 10;

// Beyond the pages with new workflows, as long as more than a few unfinished ones are to be found there.
const EXTRA_PAGES = 5;
const MOST_ALONE = 10;

/** How many unfinished workflows are read by themselves in one look: the others have their turn next. */
export const READS = 20;

/**
 * What is kept from look to look.
 *
 * It stays small: `open` holds what is not finished, which ComfyControl's queue limits, and `done` what
 * was started in the five minutes before the newest, which its limit of requests keeps under 1,200 for
 * one address.
 */
export interface Memory {
	/** When the newest workflow that was seen was started. */
	newestMs: number;
	/** The workflows that were seen and not finished, the one to be read first in front. */
	open: string[];
	/** When each finished one was started that is read again because it is so new. */
	done: Record<string, number>;
}

/** Whether what is kept is a memory as this version of the package keeps it. */
export function isMemory(kept: unknown): kept is Memory {
	if (!isRecord(kept) || !isRecord(kept.done) || !Array.isArray(kept.open)) return false;
	return (
		typeof kept.newestMs === 'number' &&
		kept.open.every((id) => typeof id === 'string') &&
		Object.values(kept.done).every((ms) => typeof ms === 'number')
	);
}

/** Where workflows are looked at. */
export interface Source {
	/** A page of all workflows, newest first, counted from 1. */
	page(page: number): Promise<ComfyControlWorkflow[]>;
	/** How many there are on a page that isn't the last. */
	perPage: number;
	/** One workflow, or undefined if it is no longer there. */
	read(id: string): Promise<ComfyControlWorkflow | undefined>;
}

export interface Look {
	memory: Memory;
	/** What has finished since the last look, in the order in which it did. */
	finished: ComfyControlWorkflow[];
}

/**
 * Looks which workflows have finished since the last look, each once, in whatever order they do. The
 * first look only remembers what there is: what has finished before is past.
 *
 * The order of the list is by start, so that a finished workflow may stand anywhere in it. Therefore
 * each is remembered from when it is first seen until it has finished.
 */
export async function look(memory: Memory | undefined, source: Source): Promise<Look> {
	const isFirst = memory === undefined;
	const { newestMs, open, done } = memory ?? { newestMs: 0, open: [], done: {} };
	const sinceMs = isFirst ? 0 : newestMs - OVERLAP_MS;
	const seen = await readList(source, isFirst ? { pages: FIRST_PAGES } : { sinceMs, open });
	const { looked, gone } = await readUnseen(source, open, seen);

	const isOpen = new Set(open);
	const isGone = new Set(gone);
	const all = new Map([...seen, ...looked]);
	const stillOpen: string[] = [];
	const finished: ComfyControlWorkflow[] = [];
	const finishedMs = { ...done };
	for (const [id, workflow] of all) {
		const startedMs = startOf(workflow);
		if (!isOpen.has(id) && (id in done || startedMs < sinceMs)) continue;
		if (progressOf(workflow) === 'pending') stillOpen.push(id);
		else {
			finishedMs[id] = startedMs;
			if (!isFirst) finished.push(workflow);
		}
	}
	const nowNewestMs = Math.max(newestMs, ...[...all.values()].map(startOf));
	// What was not looked at comes first the next time.
	const notLooked = open.filter((id) => !all.has(id) && !isGone.has(id));
	return {
		memory: {
			newestMs: nowNewestMs,
			open: [...notLooked, ...stillOpen],
			done: recent(finishedMs, nowNewestMs),
		},
		finished: finished.sort((a, b) => endOf(a) - endOf(b)),
	};
}

/** The memory with which these are found to have finished once more. */
export function postponed(memory: Memory, workflows: ComfyControlWorkflow[]): Memory {
	const ids = workflows.map(({ id }) => id);
	const done = Object.entries(memory.done).filter(([id]) => !ids.includes(id));
	return { ...memory, open: [...ids, ...memory.open], done: Object.fromEntries(done) };
}

type Reach = { pages: number } | { sinceMs: number; open: Memory['open'] };

/** Reads the list as far as it may hold something new, and further if much is open there. */
async function readList(source: Source, reach: Reach): Promise<Map<string, ComfyControlWorkflow>> {
	const seen = new Map<string, ComfyControlWorkflow>();
	let extraPages = 0;
	for (let page = 1; ; page++) {
		const workflows = await source.page(page);
		for (const workflow of workflows) seen.set(workflow.id, workflow);
		if (workflows.length < source.perPage) return seen;
		if ('pages' in reach) {
			if (page >= reach.pages) return seen;
			continue;
		}
		const oldestMs = Math.min(...workflows.map(startOf));
		if (oldestMs >= reach.sinceMs) continue;
		const unseen = reach.open.filter((id) => !seen.has(id));
		if (unseen.length <= MOST_ALONE || ++extraPages > EXTRA_PAGES) return seen;
	}
}

/** Reads open workflows that the list has not shown, as many as one look may. */
async function readUnseen(
	source: Source,
	open: Memory['open'],
	seen: Map<string, ComfyControlWorkflow>,
) {
	const looked = new Map<string, ComfyControlWorkflow>();
	const gone: string[] = [];
	const unseen = open.filter((id) => !seen.has(id));
	for (const id of unseen.slice(0, READS)) {
		const workflow = await source.read(id);
		if (workflow) looked.set(id, workflow);
		else gone.push(id);
	}
	return { looked, gone };
}

function recent(done: Memory['done'], newestMs: number): Memory['done'] {
	const entries = Object.entries(done).filter(([, ms]) => ms >= newestMs - OVERLAP_MS);
	return Object.fromEntries(entries);
}

function startOf({ created_at: createdAt }: ComfyControlWorkflow): number {
	return timeMs(createdAt) ?? 0;
}

function endOf({ completed_at: completedAt, updated_at: updatedAt }: ComfyControlWorkflow): number {
	return timeMs(completedAt) ?? timeMs(updatedAt) ?? 0;
}

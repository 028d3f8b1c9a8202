import { progressOf, timeMs, type ComfyControlWorkflow } from '../api/states';
import { Listing, type Pages } from './listing';
import type { Memory, Rest } from './memory';

// A workflow may enter the list a little after one that was started later. So long it is waited for.
const OVERLAP_MS = 5 * 60_000;

/** How far the first look goes back for workflows that are not finished. */
export const FIRST_PAGES = 10;

// Beyond the pages with new workflows, as long as more than a few unfinished ones are to be found there.
const EXTRA_PAGES = 5;
const MOST_ALONE = 10;

// A page on which no start makes sense and nothing is new tells nothing of what is below it.
const MOST_DATELESS_PAGES = 5;

/** How many unfinished workflows are read by themselves in one look: the others have their turn next. */
export const READS = 20;

// More than the pages on which they are seen again.
const MOST_UNDATED = 1_000;

// How far down, and in how many looks, it is tried to get to the rest.
const LAST_PAGE = 200;
const MOST_REPEATED = 10;

/** Where workflows are looked at. */
export interface Source extends Pages {
	/** One workflow, or undefined if it is no longer there. */
	read(id: string): Promise<ComfyControlWorkflow | undefined>;
	/** The time by the clocks at hand, in milliseconds since 1970: the earliest, where they differ. */
	nowMs(): number;
}

export interface Look {
	memory: Memory;
	/** What has finished since the last look, in the order in which it did. */
	finished: ComfyControlWorkflow[];
	/** Why the list was not read as far as something new may be, if it wasn't. */
	cut?: Cut;
}

/** What the next look goes on with, or that no look gets any further. */
export type Cut = Listing['cut'] | 'hopeless';

/**
 * Looks which workflows have finished since the last look, each once, in whatever order they do. The
 * first look only remembers what there is: what has finished before is past.
 *
 * The order of the list is by start, so that a finished workflow may stand anywhere in it. Therefore
 * each is remembered from when it is first seen until it has finished. A start that is missing, or is
 * yet to come by the clocks at hand, is ignored: such a workflow is new if its id is.
 */
export async function look(memory: Memory | undefined, source: Source): Promise<Look> {
	const before = memory ?? { newestMs: 0, open: [], done: [], undated: [] };
	const startOf = (workflow: ComfyControlWorkflow) =>
		// What made sense once does so for good, even if a clock is put back.
		plausibleStart(workflow, Math.max(before.newestMs, source.nowMs()));

	const listing = new Listing(source);
	const { sinceMs, rest, cut } = memory
		? await readNews(listing, memory, startOf)
		: await readFirst(listing);
	await readForOpen(listing, before.open);
	const { looked, gone } = await readUnseen(source, before.open, listing.seen);

	const all = new Map([...listing.seen, ...looked]);
	const { newestMs, stillOpen, done, undated, finished } = sortOut(all, before, sinceMs, startOf);
	const keptSinceMs = Math.min(newestMs - OVERLAP_MS, rest?.sinceMs ?? Infinity);
	// What was not looked at comes first the next time.
	const notLooked = before.open.filter((id) => !all.has(id) && !gone.has(id));
	const unseen = before.undated.filter((id) => !all.has(id));
	return {
		memory: {
			newestMs,
			open: [...notLooked, ...stillOpen],
			done: [...done].filter(([, startedMs]) => startedMs >= keptSinceMs),
			undated: [...undated, ...unseen].slice(0, MOST_UNDATED),
			...(rest && { rest }),
		},
		// The first look knows of none before that they had not finished.
		finished: memory ? finished.sort((a, b) => endOf(a) - endOf(b)) : [],
		cut,
	};
}

type StartOf = (workflow: ComfyControlWorkflow) => number | undefined;

/** What was found to read, and what is left of it. */
interface Reading {
	/** What was started since then is new if it is not known. */
	sinceMs: number;
	rest?: Rest;
	cut?: Cut;
}

async function readFirst(listing: Listing): Promise<Reading> {
	let pages = 0;
	await listing.readUntil(() => ++pages >= FIRST_PAGES);
	return { sinceMs: 0 };
}

/** Reads the list as far as it may hold something new: what came since the last look, and what that left. */
async function readNews(listing: Listing, memory: Memory, startOf: StartOf): Promise<Reading> {
	const { open, done, undated, newestMs, rest } = memory;
	const known = new Set([...open, ...done.map(([id]) => id), ...undated]);
	const isBefore = (sinceMs: number) => (workflows: ComfyControlWorkflow[]) =>
		workflows.some((workflow) => (startOf(workflow) ?? Infinity) < sinceMs);
	const isDateless = (workflows: ComfyControlWorkflow[]) =>
		workflows.every((workflow) => startOf(workflow) === undefined && known.has(workflow.id));
	const newsMs = newestMs - OVERLAP_MS;
	const isBeforeNews = isBefore(newsMs);
	let datelessPages = 0;
	await listing.readUntil(
		(workflows) =>
			isBeforeNews(workflows) || (isDateless(workflows) && ++datelessPages >= MOST_DATELESS_PAGES),
	);
	// What was left is read to its end, whatever stands above it.
	if (rest && !listing.cut) {
		listing.skipTo(rest.page);
		await listing.readUntil(isBefore(rest.sinceMs));
	}
	const sinceMs = rest?.sinceMs ?? newsMs;
	const left = restOf(listing, sinceMs, rest?.repeated ?? 0);
	return { sinceMs, rest: left, cut: left ? listing.cut : listing.cut && 'hopeless' };
}

/** Tells what was seen apart: what is open, what has finished and is known, and what has finished since. */
function sortOut(
	seen: Map<string, ComfyControlWorkflow>,
	before: Memory,
	sinceMs: number,
	startOf: StartOf,
) {
	const open = new Set(before.open);
	const done = new Map(before.done);
	const known = new Set([...done.keys(), ...before.undated]);
	const stillOpen: string[] = [];
	const undated: string[] = [];
	const finished: ComfyControlWorkflow[] = [];
	let { newestMs } = before;
	for (const [id, workflow] of seen) {
		const startedMs = startOf(workflow);
		newestMs = Math.max(newestMs, startedMs ?? 0);
		const isPast = startedMs !== undefined && startedMs < sinceMs;
		const isNews = open.has(id) || (!known.has(id) && !isPast);
		if (isNews && progressOf(workflow) === 'pending') stillOpen.push(id);
		else if (isNews || known.has(id)) {
			if (startedMs === undefined) undated.push(id);
			else done.set(id, startedMs);
			if (isNews) finished.push(workflow);
		}
	}
	return { newestMs, stillOpen, done, undated, finished };
}

/** What the next look goes on with, unless there is no getting any further. */
function restOf({ cut, page }: Listing, sinceMs: number, before: number): Rest | undefined {
	const repeated = cut === 'repeated' ? before + 1 : 0;
	const isHopeless = repeated > MOST_REPEATED || page > LAST_PAGE;
	if (cut === undefined || isHopeless) return undefined;
	return { page: cut === 'repeated' ? page - 1 : page, sinceMs, repeated };
}

/** Reads the list further if much is open there. */
async function readForOpen(listing: Listing, open: string[]): Promise<void> {
	const areFew = () => open.filter((id) => !listing.seen.has(id)).length <= MOST_ALONE;
	let pages = 0;
	if (!areFew()) await listing.readUntil(() => ++pages >= EXTRA_PAGES || areFew());
}

/** Reads open workflows that the list has not shown, as many as one look may. */
async function readUnseen(source: Source, open: string[], seen: Map<string, ComfyControlWorkflow>) {
	const looked = new Map<string, ComfyControlWorkflow>();
	const gone = new Set<string>();
	const unseen = open.filter((id) => !seen.has(id));
	for (const id of unseen.slice(0, READS)) {
		const workflow = await source.read(id);
		if (workflow) looked.set(id, workflow);
		else gone.add(id);
	}
	return { looked, gone };
}

/** When a workflow was started, unless it isn't told, is no time that there was, or is yet to come. */
function plausibleStart(
	{ created_at: createdAt }: ComfyControlWorkflow,
	latestMs: number,
): number | undefined {
	const startedMs = timeMs(createdAt);
	const isPlausible = startedMs !== undefined && startedMs > 0 && startedMs <= latestMs;
	return isPlausible ? startedMs : undefined;
}

function endOf({ completed_at: completedAt, updated_at: updatedAt }: ComfyControlWorkflow): number {
	return timeMs(completedAt) ?? timeMs(updatedAt) ?? 0;
}

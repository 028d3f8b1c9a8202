import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { mayPass } from '../transport/errors';
import { PER_PAGE, type More } from '../api/endpoint';
import { getWorkflow, listWorkflows } from '../api/workflows';
import { inParallel } from '../basics/parallel';
import { pause } from '../basics/time';
import { readPauseMs } from '../transport/retries';
import { throwIfStopped } from '../transport/ending';
import type { ComfyControlWorkflow } from '../api/states';
import { isApiError, isNodeError, type NodeError } from '../basics/nodeErrors';

// A few are rather looked at one by one than on ever further pages.
const A_FEW = 10;

// Workflows that others started may have moved what is looked for on to the next page, or the one after.
const PAGES_BEYOND = 2;

// So far back many are looked for in the list: 5,000 workflows.
const LAST_PAGE = 50;

const READS_AT_ONCE = 4;

/** What was seen of a workflow: how it stands, or why that can't be read. */
export type Snapshot = { workflow: ComfyControlWorkflow } | { fault: NodeError };

/** When to give up rather than try again, and the item to blame for a fault. */
type LookOptions = Pick<More, 'itemIndex' | 'untilMs'>;

/** A page of the list, a fault that stays, or undefined while neither can be had. */
type Page = ComfyControlWorkflow[] | { fault: NodeError } | undefined;

/**
 * Polls how workflows stand: a single one by itself, several in the list of the newest, on the pages
 * where they were seen last. What isn't in the list is looked at by itself, some of them each time.
 */
export class StatusPoller {
	/** How many requests the last poll took. */
	requestsALook = 1;

	/** The page of the list on which a workflow was seen last. */
	readonly #pageOf = new Map<string, number>();

	/** Those that are not in the list. */
	#alone = new Set<string>();

	/** Faults of n8n itself, one after the other. */
	#faults = 0;

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * @param ids the workflows to look for, in the order in which they were started
	 * @returns what this poll showed, by id: nothing of those whose turn it isn't, nothing at all while
	 * the API can't be read
	 */
	async poll(ids: string[], options: LookOptions): Promise<Map<string, Snapshot>> {
		this.requestsALook = 0;
		const seen = new Map<string, Snapshot>();
		if (ids.length === 1) await this.#readInto(seen, ids, options);
		else {
			const inList = ids.filter((id) => !this.#alone.has(id));
			await this.#readPagesInto(seen, inList, options);
			await this.#readInto(seen, this.#nextAlone(new Set(ids)), options);
		}
		if (seen.size > 0) this.#faults = 0;
		return seen;
	}

	/** Looks at a workflow by itself, with all its details. Undefined while it can't be read. */
	async read(id: string, options: LookOptions): Promise<Snapshot | undefined> {
		this.requestsALook++;
		const { context } = this;
		return await getWorkflow(context, { id }, { ...options, rank: 'look' }).then(
			(workflow): Snapshot => ({ workflow }),
			async (error: unknown) => await this.#lastingFault(error, options),
		);
	}

	async #readInto(seen: Map<string, Snapshot>, ids: string[], options: LookOptions): Promise<void> {
		await inParallel(ids, READS_AT_ONCE, async (id) => {
			const snapshot = await this.read(id, options);
			if (snapshot) seen.set(id, snapshot);
		});
	}

	/** Some of those that are not in the list, others the next time. */
	#nextAlone(wanted: Set<string>): string[] {
		const waiting = [...this.#alone].filter((id) => wanted.has(id));
		const next = waiting.slice(0, A_FEW);
		this.#alone = new Set([...waiting.slice(A_FEW), ...next]);
		return next;
	}

	async #readPagesInto(
		seen: Map<string, Snapshot>,
		ids: string[],
		options: LookOptions,
	): Promise<void> {
		const wanted = new Set(ids);
		const read = new Set<number>();
		let lastPage = LAST_PAGE;
		let missing = ids;
		let pages = this.#pagesOf(ids);
		while (pages.length > 0) {
			const found = await inParallel(pages, READS_AT_ONCE, async (page) => ({
				page,
				list: await this.#readPage(page, options),
			}));
			for (const { page, list } of found) {
				if (list === undefined) return;
				// A page that can't be read at all, for one because of the token, is the same fault of all.
				if ('fault' in list) {
					for (const id of ids) seen.set(id, list);
					return;
				}
				read.add(page);
				if (list.length < PER_PAGE) lastPage = Math.min(lastPage, page);
				for (const workflow of list.filter(({ id }) => wanted.has(id))) {
					seen.set(workflow.id, { workflow });
					this.#pageOf.set(workflow.id, page);
				}
			}
			missing = missing.filter((id) => !seen.has(id));
			pages = this.#furtherPages(missing, read, lastPage);
		}
		for (const id of missing) this.#alone.add(id);
	}

	/** The pages on which workflows should be: where they were seen last, or by how new they are. */
	#pagesOf(ids: string[]): number[] {
		return [...new Set(ids.map((id, index) => this.#likelyPage(id, ids.length - index)))];
	}

	#likelyPage(id: string, newestFirst: number): number {
		const page = this.#pageOf.get(id) ?? Math.ceil(newestFirst / PER_PAGE);
		this.#pageOf.set(id, page);
		return page;
	}

	/** Where to look for what was not on its page. Few are not looked for any further than it pays. */
	#furtherPages(missing: string[], read: Set<number>, lastPage: number): number[] {
		const pages = new Set<number>();
		for (const id of missing) {
			const likely = this.#pageOf.get(id) ?? 1;
			let page = likely;
			while (read.has(page)) page++;
			const isTooFar = missing.length <= A_FEW && page > likely + PAGES_BEYOND;
			if (page <= lastPage && !isTooFar) pages.add(page);
		}
		return [...pages];
	}

	async #readPage(page: number, options: LookOptions): Promise<Page> {
		this.requestsALook++;
		return await listWorkflows(this.context, { page }, { ...options, rank: 'look' }).catch(
			async (error: unknown) => await this.#lastingFault(error, options),
		);
	}

	/** @returns undefined while the fault may pass */
	async #lastingFault(
		error: unknown,
		{ itemIndex }: LookOptions,
	): Promise<{ fault: NodeError } | undefined> {
		throwIfStopped(this.context);
		if (isNodeError(error)) {
			return isApiError(error) && mayPass(error) ? undefined : { fault: error };
		}
		if (!(error instanceof Error)) throw error;
		const pauseMs = isOfCredential(error) ? undefined : readPauseMs(++this.#faults);
		if (pauseMs === undefined) {
			return { fault: new NodeOperationError(this.context.getNode(), error, { itemIndex }) };
		}
		await pause(pauseMs, this.context.getExecutionCancelSignal());
		return undefined;
	}
}

// A fault that is no answer comes from n8n: its database may be away for a moment, while a credential
// that can't be decrypted never can.
function isOfCredential({ name, message, constructor }: Error): boolean {
	return (
		/^Credential/.test(`${name}`) ||
		/^Credential/.test(constructor.name) ||
		/decrypt/i.test(message)
	);
}

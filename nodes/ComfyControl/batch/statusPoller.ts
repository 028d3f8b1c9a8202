import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { mayPass } from '../transport/errors';
import { PER_PAGE } from '../api/collections';
import { getWorkflow, listWorkflows } from '../api/workflows';
import { pause } from '../basics/time';
import { readPauseMs } from '../transport/retries';
import { throwIfStopped } from '../transport/stopping';
import type { ComfyControlWorkflow } from '../api/states';
import { isApiError, isNodeError, type NodeError } from '../basics/nodeErrors';

// Workflows that others started may stand between those that are looked for.
const PAGES_BEYOND = 2;

// So many that aren't in the list are rather looked at one by one.
const MOST_ALONE = 10;

/** What was seen of a workflow: how it stands, or why that can't be read. */
export type Snapshot = { workflow: ComfyControlWorkflow } | { fault: NodeError };

type Place = { page: number } | { id: string };

/**
 * Polls how workflows stand, with one request a poll: at a single one by itself, at several in the list
 * of the newest. What doesn't fit on one page, or isn't in the list, has its turn.
 */
export class StatusPoller {
	#round: Place[] = [];

	#pages = 1;

	#unseen = new Set<string>();

	/** Faults of n8n itself, one after the other. */
	#faults = 0;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/**
	 * @param ids the workflows to look for
	 * @param untilMs when to give up rather than try again, in milliseconds since 1970
	 * @returns what this poll showed, by id: nothing of those that are elsewhere, nothing at all while
	 * the API can't be read
	 */
	async poll(ids: string[], untilMs: number): Promise<Map<string, Snapshot>> {
		const place = ids.length === 1 ? { id: ids[0] } : this.#nextPlace(ids);
		const seen =
			'id' in place
				? await this.read(place.id, untilMs)
				: await this.#readPage(place.page, ids, untilMs);
		if (seen.size > 0) this.#faults = 0;
		for (const id of seen.keys()) this.#unseen.delete(id);
		return seen;
	}

	/** Looks at a workflow by itself, with all its details. */
	async read(id: string, untilMs?: number): Promise<Map<string, Snapshot>> {
		const { context, itemIndex } = this;
		return await getWorkflow(context, { id }, { itemIndex, untilMs }).then(
			(workflow): Map<string, Snapshot> => new Map([[id, { workflow }]]),
			async (error: unknown) =>
				await this.#unlessItPasses(error, (fault) => new Map([[id, { fault }]])),
		);
	}

	/** A page that can't be read at all, for one because of the token, is the same fault of all. */
	async #readPage(page: number, ids: string[], untilMs: number): Promise<Map<string, Snapshot>> {
		const { context, itemIndex } = this;
		return await listWorkflows(context, { page }, { itemIndex, untilMs }).then(
			(workflows): Map<string, Snapshot> =>
				new Map(workflows.map((workflow) => [workflow.id, { workflow }])),
			async (error: unknown) =>
				await this.#unlessItPasses(error, (fault) => new Map(ids.map((id) => [id, { fault }]))),
		);
	}

	// The last page comes first: what was started first is likely to be finished first.
	#nextPlace(ids: string[]): Place {
		const wanted = new Set(ids);
		this.#round = this.#round.filter((place) => !('id' in place) || wanted.has(place.id));
		if (this.#round.length === 0) this.#round = this.#newRound(ids);
		return this.#round.shift() ?? { page: 1 };
	}

	#newRound(ids: string[]): Place[] {
		const lost = ids.filter((id) => this.#unseen.has(id));
		const ownPages = Math.ceil(ids.length / PER_PAGE);
		const isOnFurtherPage = lost.length > MOST_ALONE && this.#pages < ownPages + PAGES_BEYOND;
		this.#pages = Math.max(ownPages, isOnFurtherPage ? this.#pages + 1 : this.#pages);
		this.#unseen = new Set(ids);
		const pages = Array.from({ length: this.#pages }, (_, index) => ({
			page: this.#pages - index,
		}));
		return isOnFurtherPage ? pages : [...pages, ...lost.map((id) => ({ id }))];
	}

	/**
	 * Nothing was seen for now if the fault may pass, else what `lastingFault` makes of it.
	 */
	async #unlessItPasses(
		error: unknown,
		lastingFault: (error: NodeError) => Map<string, Snapshot>,
	): Promise<Map<string, Snapshot>> {
		throwIfStopped(this.context);
		if (isNodeError(error)) {
			return isApiError(error) && mayPass(error) ? new Map() : lastingFault(error);
		}
		if (!(error instanceof Error)) throw error;
		const pauseMs = isOfCredential(error) ? undefined : readPauseMs(++this.#faults);
		if (pauseMs === undefined) {
			const { context, itemIndex } = this;
			return lastingFault(new NodeOperationError(context.getNode(), error, { itemIndex }));
		}
		await pause(pauseMs, this.context.getExecutionCancelSignal());
		return new Map();
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

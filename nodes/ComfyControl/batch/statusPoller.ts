import type { IExecuteFunctions } from 'n8n-workflow';

import { mayPass } from '../transport/errors';
import { getOne, getPage, PER_PAGE, WORKFLOWS } from '../api/collections';
import { throwIfStopped } from '../transport/stopping';
import type { ComfyControlWorkflow } from '../api/states';
import { isApiError, isNodeError, type Failure } from './outcome';

// Workflows that others started may stand between those that are looked for.
const PAGES_BEYOND = 2;

// So many that aren't in the list are rather looked at one by one.
const FEW = 10;

/** What was seen of a workflow: how it stands, or why that can't be read. */
export type Sighting = { workflow: ComfyControlWorkflow } | { fault: Failure['error'] };

type Place = { page: number } | { id: string };

/**
 * Looks how workflows stand, with one request a look: at a single one by itself, at several in the list
 * of the newest. What doesn't fit on one page, or isn't in the list, has its look in turn.
 */
export class Lookout {
	#round: Place[] = [];

	#pages = 1;

	#unseen = new Set<string>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/**
	 * @param ids the workflows to look for
	 * @param untilMs when to give up rather than try again, in milliseconds since 1970
	 * @returns what this look showed, by id: nothing of those that are elsewhere, nothing at all while
	 * the API can't be read
	 */
	async look(ids: string[], untilMs: number): Promise<Map<string, Sighting>> {
		const place = ids.length === 1 ? { id: ids[0] } : this.#nextPlace(ids);
		const seen =
			'id' in place
				? await this.read(place.id, untilMs)
				: await this.#readPage(place.page, ids, untilMs);
		for (const id of seen.keys()) this.#unseen.delete(id);
		return seen;
	}

	/** Looks at a workflow by itself, with all its details. */
	async read(id: string, untilMs?: number): Promise<Map<string, Sighting>> {
		const { context, itemIndex } = this;
		return await getOne(context, WORKFLOWS, id, { itemIndex, untilMs }).then(
			(workflow): Map<string, Sighting> => new Map([[id, { workflow }]]),
			(error: unknown) => this.#unlessItPasses(error, (fault) => new Map([[id, { fault }]])),
		);
	}

	/** A page that can't be read at all, for one because of the token, is the same fault of all. */
	async #readPage(page: number, ids: string[], untilMs: number): Promise<Map<string, Sighting>> {
		const { context, itemIndex } = this;
		return await getPage(context, WORKFLOWS, { page }, { itemIndex, untilMs }).then(
			(workflows): Map<string, Sighting> =>
				new Map(workflows.map((workflow) => [workflow.id, { workflow }])),
			(error: unknown) =>
				this.#unlessItPasses(error, (fault) => new Map(ids.map((id) => [id, { fault }]))),
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
		const isOnFurtherPage = lost.length > FEW && this.#pages < ownPages + PAGES_BEYOND;
		this.#pages = Math.max(ownPages, isOnFurtherPage ? this.#pages + 1 : this.#pages);
		this.#unseen = new Set(ids);
		const pages = Array.from({ length: this.#pages }, (_, index) => ({
			page: this.#pages - index,
		}));
		return isOnFurtherPage ? pages : [...pages, ...lost.map((id) => ({ id }))];
	}

	/**
	 * Nothing was seen for now if the fault may pass, else what `lastingFault` makes of it. A fault that is
	 * no answer, such as of n8n's own database when it reads the credential, may pass too.
	 */
	#unlessItPasses(
		error: unknown,
		lastingFault: (error: Failure['error']) => Map<string, Sighting>,
	): Map<string, Sighting> {
		throwIfStopped(this.context);
		if (!isNodeError(error)) return new Map();
		return isApiError(error) && mayPass(error) ? new Map() : lastingFault(error);
	}
}

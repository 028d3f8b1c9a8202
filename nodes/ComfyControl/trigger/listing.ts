import type { ComfyControlWorkflow } from '../api/states';

/** How many pages one look reads at most to find what is new. The rest is for the next look. */
export const MOST_PAGES = 30;

/** Where workflows are listed. */
export interface Pages {
	/** A page of all workflows, newest first, counted from 1. */
	page(page: number): Promise<ComfyControlWorkflow[]>;
	/** How many there are on a page that isn't the last. */
	perPage: number;
}

/** Why a list was left before its end: enough was read, or a page had nothing that those before it had not. */
export type Cut = 'bound' | 'repeated';

/** The list of all workflows, as far as one look reads it. */
export class Listing {
	readonly seen = new Map<string, ComfyControlWorkflow>();

	#page = 0;

	#pagesRead = 0;

	#isWhole = false;

	#cut: Cut | undefined;

	constructor(private readonly source: Pages) {}

	/** The page that was read last. */
	get page(): number {
		return this.#page;
	}

	get cut(): Cut | undefined {
		return this.#cut;
	}

	/** Goes on with a page that is further down. */
	skipTo(page: number): void {
		this.#page = Math.max(this.#page, page - 1);
	}

	/** Reads on until a page is said to be the last that is needed, or the list has an end. */
	async readUntil(isLast: (workflows: ComfyControlWorkflow[]) => boolean): Promise<void> {
		while (!this.#isWhole && this.#cut === undefined) {
			const workflows = await this.source.page(++this.#page);
			const isRepeated = workflows.every(({ id }) => this.seen.has(id));
			for (const workflow of workflows) this.seen.set(workflow.id, workflow);
			this.#isWhole = workflows.length < this.source.perPage;
			if (this.#isWhole || (!isRepeated && isLast(workflows))) return;
			if (isRepeated) this.#cut = 'repeated';
			else if (++this.#pagesRead >= MOST_PAGES) this.#cut = 'bound';
		}
	}
}

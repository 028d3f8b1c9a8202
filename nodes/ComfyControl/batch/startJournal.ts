import { createHash } from 'crypto';

import type { IExecuteFunctions, INode, NodeOperationError } from 'n8n-workflow';

import { mayHaveStarted } from '../transport/errors';
import { operationError, type ErrorTexts } from '../basics/problem';
import { nowMs } from '../basics/time';
import type { ComfyControlWorkflow } from '../api/states';
import { isNodeError, type Failure, type Run } from './outcome';

/** What became of one start that was sent. */
type Entry =
	| Run
	/** It isn't known whether ComfyControl started it. */
	| { itemIndex: number; lost: ErrorTexts };

interface Kept {
	executionId: string;
	entries: Record<string, Entry>;
}

/**
 * What this execution has sent to ComfyControl, kept where n8n's "Retry On Fail" finds it again: a
 * second try of the node goes on with what was accepted, and sends nothing again whose answer got lost.
 *
 * A try is told from a loop's next round by the run index, and from another execution by its id. In
 * one run an item is one start, whatever its expressions give the second time. An AI agent's tool is
 * different: n8n counts each try of it as a run, so there an equal request is taken for a second try,
 * until its result was handed over.
 */
export class Ledger {
	readonly #context: IExecuteFunctions;

	readonly #kept: Kept;

	readonly #isTool: boolean;

	readonly #ownKeys = new Map<number, string>();

	constructor(context: IExecuteFunctions) {
		const memory: { comfyControlStarts?: Kept } = context.getContext('node');
		const executionId = context.getExecutionId();
		if (memory.comfyControlStarts?.executionId !== executionId) {
			memory.comfyControlStarts = { executionId, entries: {} };
		}
		this.#kept = memory.comfyControlStarts;
		this.#context = context;
		this.#isTool = context.getNode().type.endsWith('Tool');
	}

	/**
	 * Starts an item's workflow, unless an earlier try of this execution did.
	 *
	 * @param request what is to be started, comparable as JSON
	 * @throws NodeOperationError when an earlier try's answer got lost
	 */
	async startOnce(
		itemIndex: number,
		request: unknown,
		start: () => Promise<ComfyControlWorkflow>,
	): Promise<Run> {
		const key = this.#keyOf(itemIndex, request);
		this.#ownKeys.set(itemIndex, key);
		const known = this.#known(key, itemIndex);
		if (known) return known;

		const workflow = await start().catch((error: unknown) =>
			this.#keepIfLost(key, itemIndex, error),
		);
		const run = { itemIndex, workflow, acceptedAtMs: nowMs() };
		this.#kept.entries[key] = run;
		return run;
	}

	/** What earlier tries started, or may have, for items that this one did not get to. */
	leftOver(reached: Array<{ itemIndex: number }>): Array<Run | Failure> {
		const isReached = new Set(reached.map(({ itemIndex }) => itemIndex));
		return Object.entries(this.#kept.entries)
			.filter(([key, { itemIndex }]) => this.#isOfThisRun(key) && !isReached.has(itemIndex))
			.map(([, entry]) => {
				if (!('lost' in entry)) return entry;
				const { itemIndex, lost } = entry;
				return { itemIndex, error: lostError(this.#context.getNode(), lost, itemIndex) };
			});
	}

	/**
	 * What an earlier try of this execution made of an item's start, if it got that far. Of an agent's tool
	 * that is known only once its request is.
	 *
	 * @throws NodeOperationError when its answer got lost
	 */
	sentBefore(itemIndex: number): Run | undefined {
		return this.#isTool ? undefined : this.#known(`${this.#runIndex()}/${itemIndex}`, itemIndex);
	}

	/** Called for items whose workflows have ended: an agent may then ask for the same again. */
	close(itemIndexes: number[]): void {
		if (!this.#isTool) return;
		for (const itemIndex of itemIndexes) {
			const key = this.#ownKeys.get(itemIndex);
			if (key !== undefined) delete this.#kept.entries[key];
		}
	}

	#known(key: string, itemIndex: number): Run | undefined {
		const known = this.#kept.entries[key];
		if (known && 'lost' in known) {
			throw lostError(this.#context.getNode(), known.lost, itemIndex);
		}
		return known && { ...known, itemIndex };
	}

	#keepIfLost(key: string, itemIndex: number, error: unknown): never {
		if (isNodeError(error) && mayHaveStarted(error)) {
			const { message, description } = error;
			const lost = { message, description: description ?? '' };
			this.#kept.entries[key] = { itemIndex, lost };
		}
		throw error;
	}

	#keyOf(itemIndex: number, request: unknown): string {
		if (this.#isTool) {
			return createHash('sha256')
				.update(JSON.stringify([itemIndex, request]))
				.digest('hex');
		}
		return `${this.#runIndex()}/${itemIndex}`;
	}

	#isOfThisRun(key: string): boolean {
		return this.#isTool || key.startsWith(`${this.#runIndex()}/`);
	}

	#runIndex(): string {
		return String(this.#context.getWorkflowDataProxy(0).$runIndex);
	}
}

function lostError(node: INode, texts: ErrorTexts, itemIndex: number): NodeOperationError {
	const error = operationError(node, texts, itemIndex);
	error.context.mayHaveStarted = true;
	return error;
}

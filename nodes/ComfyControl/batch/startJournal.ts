import { createHash } from 'crypto';

import type { IExecuteFunctions, INode, NodeOperationError } from 'n8n-workflow';

import { nowMs } from '../basics/time';
import { mayHaveStarted, noteMayHaveStarted } from '../transport/errors';
import { isEntity } from '../api/collections';
import type { ComfyControlWorkflow } from '../api/states';
import { isRecord } from '../basics/guards';
import { isNodeError, operationError } from '../basics/nodeErrors';
import type { Problem } from '../basics/problem';
import type { Failure, Job } from './outcome';
import { rememberOwnStart } from './ownStarts';

/** What became of one start that was sent. */
type Entry =
	| Job
	/** It isn't known whether ComfyControl started it. */
	| { itemIndex: number; lost: Problem };

interface Kept {
	executionId: string;
	entries: Record<string, Entry>;
}

/**
 * What this execution has sent to ComfyControl, kept where n8n's "Retry On Fail" finds it again: a
 * second attempt of the node goes on with what was accepted, and sends nothing again whose answer got lost.
 *
 * An attempt is told from a loop's next round by the run index, and from another execution by its id. In
 * one run an item is one start, whatever its expressions give the second time. An AI agent's tool is
 * different: n8n counts each attempt of it as a run, so there an equal request is taken for a second attempt,
 * until its result was handed over.
 */
export class StartJournal {
	readonly #context: IExecuteFunctions;

	readonly #kept: Kept;

	readonly #isTool: boolean;

	readonly #ownKeys = new Map<number, string>();

	constructor(context: IExecuteFunctions) {
		const memory: { comfyControlStarts?: unknown } = context.getContext('node');
		const executionId = context.getExecutionId();
		const { comfyControlStarts: found } = memory;
		if (found !== undefined && !isKept(found)) {
			context.logger.warn(
				'ComfyControl: what an earlier attempt started was kept by another version of the node and is not used. Look in ComfyControl for workflows that it started.',
			);
		}
		const isOfThis = isKept(found) && found.executionId === executionId;
		this.#kept = isOfThis ? found : { executionId, entries: {} };
		memory.comfyControlStarts = this.#kept;
		this.#context = context;
		this.#isTool = context.getNode().type.endsWith('Tool');
	}

	/**
	 * Starts an item's workflow, unless an earlier attempt of this execution did.
	 *
	 * @param request what is to be started, comparable as JSON
	 * @throws NodeOperationError when an earlier attempt's answer got lost
	 */
	async startOnce(
		itemIndex: number,
		request: unknown,
		start: () => Promise<ComfyControlWorkflow>,
	): Promise<Job> {
		const key = this.#keyOf(itemIndex, request);
		this.#ownKeys.set(itemIndex, key);
		const known = this.#known(key, itemIndex);
		if (known) return known;

		const workflow = await start().catch((error: unknown) =>
			this.#keepIfLost(key, itemIndex, error),
		);
		const job = { itemIndex, workflow, acceptedAtMs: nowMs() };
		this.#kept.entries[key] = job;
		rememberOwnStart(this.#context.getWorkflow().id, workflow.id);
		return job;
	}

	/** What earlier attempts started, or may have, for items that this one did not get to. */
	leftOver(reached: Array<{ itemIndex: number }>): Array<Job | Failure> {
		const isReached = new Set(reached.map(({ itemIndex }) => itemIndex));
		return Object.entries(this.#kept.entries)
			.filter(([key, { itemIndex }]) => this.#isOfThisRun(key) && !isReached.has(itemIndex))
			.map(([, entry]) => {
				if (!('lost' in entry)) return entry;
				const { itemIndex, lost } = entry;
				const error = lostError(this.#context.getNode(), lost, itemIndex);
				return { itemIndex, error, mayHaveStarted: true };
			});
	}

	/**
	 * What an earlier attempt of this execution made of an item's start, if it got that far. Of an agent's tool
	 * that is known only once its request is.
	 *
	 * @throws NodeOperationError when its answer got lost
	 */
	sentBefore(itemIndex: number): Job | undefined {
		return this.#isTool ? undefined : this.#known(`${this.#runIndex()}/${itemIndex}`, itemIndex);
	}

	/** The workflow that an earlier attempt started for an item, if it is known. */
	startedBefore(itemIndex: number): string | undefined {
		const entry = this.#kept.entries[`${this.#runIndex()}/${itemIndex}`];
		return entry && 'workflow' in entry ? entry.workflow.id : undefined;
	}

	/** Called for items whose workflows have ended: an agent may then ask for the same again. */
	close(itemIndexes: number[]): void {
		if (!this.#isTool) return;
		for (const itemIndex of itemIndexes) {
			const key = this.#ownKeys.get(itemIndex);
			if (key !== undefined) delete this.#kept.entries[key];
		}
	}

	#known(key: string, itemIndex: number): Job | undefined {
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

function lostError(node: INode, texts: Problem, itemIndex: number): NodeOperationError {
	const error = operationError(node, texts, itemIndex);
	noteMayHaveStarted(error);
	return error;
}

// Another version of the package may have kept it, in another shape.
function isKept(found: unknown): found is Kept {
	return (
		isRecord(found) &&
		typeof found.executionId === 'string' &&
		isRecord(found.entries) &&
		Object.values(found.entries).every(isEntry)
	);
}

function isEntry(found: unknown): found is Entry {
	if (!isRecord(found) || typeof found.itemIndex !== 'number') return false;
	const { lost } = found;
	return isRecord(lost)
		? typeof lost.message === 'string' && typeof lost.description === 'string'
		: isEntity(found.workflow) && typeof found.acceptedAtMs === 'number';
}

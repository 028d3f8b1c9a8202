import { createHash } from 'crypto';

import type { IExecuteFunctions, INode, NodeOperationError } from 'n8n-workflow';

import { nowMs } from '../basics/time';
import { mayHaveStarted, noteMayHaveStarted } from '../transport/errors';
import { isEntity } from '../api/collections';
import type { ComfyControlWorkflow } from '../api/states';
import { isRecord } from '../basics/guards';
import { isNodeError, operationError } from '../basics/nodeErrors';
import type { Problem } from '../basics/problem';
import { isFailure, type Failure, type Job, type Outcome } from './outcome';
import { rememberOwnStart } from './ownStarts';

/** What became of one start that was sent. */
type Entry = {
	/** A digest of what was to be started. */
	request?: string;
} & (
	| (Job & {
			/** Whether it failed at ComfyControl. */
			hasFailed?: boolean;
	  })
	/** It isn't known whether ComfyControl started it. */
	| { itemIndex: number; lost: Problem }
);

interface Kept {
	executionId: string;
	entries: Record<string, Entry>;
	/** What the execution sent that this one retries. */
	retried?: Record<string, Entry>;
}

/**
 * What this execution has sent to ComfyControl, kept where n8n's "Retry On Fail" finds it again: a
 * second attempt of the node goes on with what was accepted, and sends nothing again whose answer got lost.
 *
 * An attempt is told from a loop's next round by the run index, and from another execution by its id. In
 * one run an item is one start, whatever its expressions give the second time. An AI agent's tool is
 * different: n8n counts each attempt of it as a run, so there an equal request is taken for a second attempt,
 * until its result was handed over.
 *
 * Where a person retries a failed execution, n8n hands over what that one kept. What it started with an
 * equal request is taken up, unless it failed at ComfyControl: a person wants that to run again, and
 * changed input to be sent.
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
		this.#kept = keptFor(context, executionId, found);
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
		const digest = digestOf(request);
		const known = this.#known(key, itemIndex) ?? this.#takenUp(key, itemIndex, digest);
		if (known) return known;

		const workflow = await start().catch((error: unknown) =>
			this.#keepIfLost(key, { itemIndex, request: digest }, error),
		);
		const job = { itemIndex, workflow, acceptedAtMs: nowMs() };
		this.#kept.entries[key] = { ...job, request: digest };
		rememberOwnStart(this.#context.getWorkflow().id, workflow.id);
		return job;
	}

	/** Forgets an item's start, so that it can be sent again. */
	forget(itemIndex: number): void {
		const key = this.#ownKeys.get(itemIndex);
		if (key === undefined) return;
		delete this.#kept.entries[key];
		delete this.#kept.retried?.[key];
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

	/**
	 * Called with what became of the items. What has ended an agent may ask for again, and what has failed a
	 * person who retries.
	 */
	close(outcomes: Outcome[]): void {
		for (const outcome of outcomes) {
			const hasFailed = isFailure(outcome) && outcome.hasEnded === true;
			if (this.#isTool && (hasFailed || !isFailure(outcome))) this.forget(outcome.itemIndex);
			const entry = this.#kept.entries[`${this.#runIndex()}/${outcome.itemIndex}`];
			if (hasFailed && entry && 'workflow' in entry) entry.hasFailed = true;
		}
	}

	/** What the execution that is retried has started with an equal request. */
	#takenUp(key: string, itemIndex: number, digest: string): Job | undefined {
		const entry = this.#kept.retried?.[key];
		if (entry === undefined || entry.request !== digest) return undefined;
		if ('lost' in entry) throw lostError(this.#context.getNode(), entry.lost, itemIndex);
		if (entry.hasFailed) return undefined;
		// Its time begins anew, as somebody waits for it again.
		const job = { ...entry, itemIndex, takenUpAtMs: nowMs() };
		this.#kept.entries[key] = job;
		return job;
	}

	#known(key: string, itemIndex: number): Job | undefined {
		const known = this.#kept.entries[key];
		if (known && 'lost' in known) {
			throw lostError(this.#context.getNode(), known.lost, itemIndex);
		}
		return known && { ...known, itemIndex };
	}

	#keepIfLost(key: string, about: { itemIndex: number; request: string }, error: unknown): never {
		if (isNodeError(error) && mayHaveStarted(error)) {
			const { message, description } = error;
			const lost = { message, description: description ?? '' };
			this.#kept.entries[key] = { ...about, lost };
		}
		throw error;
	}

	#keyOf(itemIndex: number, request: unknown): string {
		if (this.#isTool) return digestOf([itemIndex, request]);
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

function digestOf(request: unknown): string {
	return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

/** What is kept for this execution, or for the one that a person retries in it. */
function keptFor(context: IExecuteFunctions, executionId: string, found: unknown): Kept {
	if (!isKept(found)) return { executionId, entries: {} };
	if (found.executionId === executionId) return found;
	return context.getMode() === 'retry'
		? { executionId, entries: {}, retried: { ...found.retried, ...found.entries } }
		: { executionId, entries: {} };
}

// Another version of the package may have kept it, in another shape.
function isKept(found: unknown): found is Kept {
	return (
		isRecord(found) &&
		typeof found.executionId === 'string' &&
		areEntries(found.entries) &&
		(found.retried === undefined || areEntries(found.retried))
	);
}

function areEntries(found: unknown): found is Record<string, Entry> {
	return isRecord(found) && Object.values(found).every(isEntry);
}

function isEntry(found: unknown): found is Entry {
	if (!isRecord(found) || typeof found.itemIndex !== 'number') return false;
	const { lost } = found;
	return isRecord(lost)
		? typeof lost.message === 'string' && typeof lost.description === 'string'
		: isEntity(found.workflow) && typeof found.acceptedAtMs === 'number';
}

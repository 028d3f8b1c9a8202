import { createHash } from 'crypto';

import type { IExecuteFunctions, INode, NodeOperationError } from 'n8n-workflow';

import { nowMs } from '../basics/time';
import { mayHaveStarted, noteMayHaveStarted } from '../transport/errors';
import { isEntity } from '../api/endpoint';
import type { ComfyControlWorkflow } from '../api/states';
import { isRecord } from '../basics/guards';
import { isNodeError, operationError } from '../basics/nodeErrors';
import { log } from '../basics/notes';
import type { Problem } from '../basics/problem';
import { Remembered } from '../basics/remembered';
import {
	isFailure,
	type Failure,
	type FailurePolicy,
	type Job,
	type Outcome,
	type Start,
} from './outcome';

/** What became of one start that was sent. */
type Entry = Start & {
	/** A digest of what was to be started. */
	request?: string;
} & (
		| (Job & {
				/** Whether it failed at ComfyControl. */
				hasFailed?: boolean;
		  })
		/** It isn't known whether ComfyControl started it. */
		| { lost: Problem }
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
 * An attempt is told from a loop's next round by the run index, and from another execution by its id. There
 * each of an item's runs is one start, whatever its expressions give the second time. An AI agent's tool is
 * different: each attempt of it has a run index of its own, so there an equal request is taken for a second attempt,
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

	/** Digests of what an agent's tool was asked for, by item. */
	readonly #toolRequests = new Map<number, string>();

	constructor(context: IExecuteFunctions) {
		const memory: { comfyControlStarts?: unknown } = context.getContext('node');
		const executionId = context.getExecutionId();
		const { comfyControlStarts: found } = memory;
		if (found !== undefined && !isKept(found)) {
			log(
				context,
				'warn',
				'what an earlier attempt started was kept by another version of the node and is not used. Look in ComfyControl for workflows that it started.',
			);
		}
		this.#kept = keptFor(context, executionId, found);
		memory.comfyControlStarts = this.#kept;
		this.#context = context;
		this.#isTool = context.getNode().type.endsWith('Tool');
	}

	/**
	 * Starts a workflow, unless an earlier attempt of this execution did.
	 *
	 * @param request what is to be started, comparable as JSON
	 * @throws NodeOperationError when an earlier attempt's answer got lost
	 */
	async startOnce(
		{ itemIndex, runNumber }: Start,
		request: unknown,
		submit: () => Promise<ComfyControlWorkflow>,
	): Promise<Job> {
		if (this.#isTool) this.#toolRequests.set(itemIndex, digestOf([itemIndex, request]));
		const start = { itemIndex, runNumber };
		const key = this.#keyOf(start);
		const digest = digestOf(request);
		const known = this.#kept.entries[key] ?? this.#takenUp(key, digest);
		if (known && 'lost' in known) {
			throw lostError(this.#context.getNode(), known.lost, itemIndex);
		}
		if (known) return known;

		const workflow = await submit().catch((error: unknown) =>
			this.#keepIfLost(key, { ...start, request: digest }, error),
		);
		const job = { ...start, workflow, acceptedAtMs: nowMs() };
		this.#kept.entries[key] = { ...job, request: digest };
		rememberOwnStart(this.#context.getWorkflow().id, workflow.id);
		// After a crash the log alone knows of it.
		log(this.#context, 'info', `started workflow ${workflow.id} for item ${itemIndex}`);
		return job;
	}

	/** Forgets a start, so that it can be sent again. */
	forget(start: Start): void {
		const key = this.#keyOf(start);
		delete this.#kept.entries[key];
		delete this.#kept.retried?.[key];
	}

	/** What earlier attempts started, or may have, for runs that this one did not get to. */
	leftOver(reached: Array<Partial<Start>>): Array<Job | Failure> {
		const placeOf = ({ itemIndex, runNumber }: Partial<Start>) => `${itemIndex}/${runNumber}`;
		const isReached = new Set(reached.map(placeOf));
		const isOwn = this.#ownKeys();
		return Object.entries(this.#kept.entries)
			.filter(([key, entry]) => isOwn(key) && !isReached.has(placeOf(entry)))
			.map(([, entry]) => this.#shown(entry));
	}

	/**
	 * What an earlier attempt of this execution made of a start, if it need not be prepared any more. Of an agent's
	 * tool that is known only once its request is, and what a person's retry took up may have to be started again.
	 */
	sentBefore(start: Start): Job | Failure | undefined {
		const entry = this.#isTool ? undefined : this.#kept.entries[this.#keyOf(start)];
		const isTakenUp = entry && 'takenUpAtMs' in entry;
		return entry && !isTakenUp ? this.#shown(entry) : undefined;
	}

	/**
	 * Called with what became of the items. What has ended an agent may ask for again, if it is told, and what
	 * has failed a person who retries.
	 */
	close(outcomes: Outcome[], policy: FailurePolicy): void {
		const isHandedOver =
			policy === 'goOn' ? !this.#isTriedAgain(outcomes) : !outcomes.some(isFailure);
		for (const outcome of outcomes) {
			const { itemIndex, runNumber } = outcome;
			if (runNumber === undefined) continue;
			const start = { itemIndex, runNumber };
			const hasFailed = isFailure(outcome) && outcome.hasEnded === true;
			const entry = this.#kept.entries[this.#keyOf(start)];
			if (hasFailed && entry && 'workflow' in entry) entry.hasFailed = true;
			if (this.#isTool && (isFailure(outcome) ? hasFailed : isHandedOver)) this.forget(start);
		}
	}

	/** Whether n8n throws these results away and runs the node again: it goes by the first of them alone. */
	#isTriedAgain([first]: Outcome[]): boolean {
		return this.#context.getNode().retryOnFail === true && first !== undefined && isFailure(first);
	}

	/** What the execution that is retried has made of an equal request. */
	#takenUp(key: string, digest: string): Entry | undefined {
		const entry = this.#kept.retried?.[key];
		if (entry?.request !== digest) return undefined;
		if ('lost' in entry) return entry;
		if (entry.hasFailed) return undefined;
		// Its time begins anew, as somebody waits for it again.
		const job = { ...entry, takenUpAtMs: nowMs() };
		this.#kept.entries[key] = job;
		return job;
	}

	#shown(entry: Entry): Job | Failure {
		if (!('lost' in entry)) return entry;
		const { itemIndex, runNumber, lost } = entry;
		const error = lostError(this.#context.getNode(), lost, itemIndex);
		return { itemIndex, runNumber, error, mayHaveStarted: true };
	}

	#keepIfLost(key: string, about: Start & { request: string }, error: unknown): never {
		if (isNodeError(error) && mayHaveStarted(error)) {
			const { message, description } = error;
			const lost = { message, description: description ?? '' };
			this.#kept.entries[key] = { ...about, lost };
		}
		throw error;
	}

	#keyOf({ itemIndex, runNumber }: Start): string {
		const item = this.#isTool
			? this.#toolRequests.get(itemIndex)
			: `${this.#runIndex()}/${itemIndex}`;
		return `${item}/${runNumber}`;
	}

	/** Tells the keys of what this attempt is about from those of other rounds, or of an agent's other requests. */
	#ownKeys(): (key: string) => boolean {
		const requests = new Set(this.#toolRequests.values());
		const thisRound = `${this.#runIndex()}/`;
		return (key) =>
			this.#isTool ? requests.has(key.replace(/\/.*/, '')) : key.startsWith(thisRound);
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
	if (!isRecord(found)) return false;
	if (typeof found.itemIndex !== 'number' || typeof found.runNumber !== 'number') return false;
	const { lost } = found;
	return isRecord(lost)
		? typeof lost.message === 'string' && typeof lost.description === 'string'
		: isEntity(found.workflow) && typeof found.acceptedAtMs === 'number';
}

// A batch of any size, with room for the other n8n workflows of this process.
const MOST_STARTS = 20_000;

const starts = new Remembered<true>(MOST_STARTS, () => 1);

/** Keeps in mind, for as long as this process runs, that an n8n workflow has started this workflow. */
function rememberOwnStart(n8nWorkflowId: string | undefined, workflowId: string): void {
	starts.set(keyOf(n8nWorkflowId, workflowId), true);
}

/** Whether an n8n workflow has started this workflow, in this process. */
export function isOwnStart(n8nWorkflowId: string | undefined, workflowId: string): boolean {
	return starts.get(keyOf(n8nWorkflowId, workflowId)) === true;
}

function keyOf(n8nWorkflowId: string | undefined, workflowId: string): string {
	return `${String(n8nWorkflowId)}/${workflowId}`;
}

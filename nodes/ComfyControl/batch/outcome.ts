import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import type { ComfyControlWorkflow } from '../api/states';
import { isNodeError, operationError, type NodeError } from '../basics/nodeErrors';
import { log, logList } from '../basics/notes';
import { mayHaveStarted, sentAtOf } from '../transport/errors';
import type { WaitSettings } from './settings';

/** Whether one item's failure ends the execution, or the other items go on. */
export type FailurePolicy = 'stop' | 'goOn';

/** An input item, or one of its runs. */
interface ItemOrRun {
	itemIndex: number;
	/** Which of the item's runs it is, from 1. */
	runNumber?: number;
}

/** One run of an item: a workflow that is started for it. */
export type Start = Required<ItemOrRun>;

/** What became of one input item, or of one of its runs. */
export type Outcome = Success | Failure;

export interface Success extends ItemOrRun {
	items: INodeExecutionData[];
	/** The workflow that was started for the item, if any. */
	startedWorkflowId?: string;
}

/** What is known of an item, or one of its runs, that failed. The router alone makes a text of it. */
export interface Failure extends ItemOrRun {
	error: NodeError;
	/** The workflow that the item started or waited for, if it got that far. */
	workflowId?: string;
	/** The workflow that was started for the item, if any. */
	startedWorkflowId?: string;
	/** Whether that workflow has ended, so that nothing more will come of it, or may run on, if that is known. */
	hasEnded?: boolean;
	/** Whether a workflow may have been started for the item, though no answer says so. */
	mayHaveStarted?: boolean;
	/** What this attempt sent for any item, if it failed before it sent anything. */
	sent?: 'nothing' | 'nothingMore';
}

/** A workflow that ComfyControl has accepted for an item: what the node follows. */
export interface Job extends ItemOrRun {
	workflow: ComfyControlWorkflow;
	/** When ComfyControl answered, in milliseconds since 1970. */
	acceptedAtMs: number;
	/** When a person's retry took it up, if one did, in milliseconds since 1970. */
	takenUpAtMs?: number;
}

/** A job that is waited for, with what is wanted of its outputs. */
export interface FollowedJob extends Job {
	settings: WaitSettings;
	/** How long the original ran, if that is known. */
	expectedRunMs?: number;
}

/** How a job ended: it completed, and looked like this then, or it failed. */
export type JobEnd = { completed: ComfyControlWorkflow } | Failure;

/** Whether something known of an item is that it failed. */
export function isFailure(outcome: { itemIndex: number }): outcome is Failure {
	return 'error' in outcome;
}

/**
 * Keeps what went wrong as the item's outcome, whatever it was: an expression that can't be resolved and
 * a file that n8n no longer has concern their item alone.
 *
 * @throws the error itself when the execution was stopped
 */
export function toFailure(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
	workflowId?: string,
): Failure {
	if (!isNodeError(error)) {
		if (context.getExecutionCancelSignal()?.aborted || !(error instanceof Error)) throw error;
		const ofItem = new NodeOperationError(context.getNode(), error, { itemIndex });
		return { itemIndex, error: ofItem, workflowId };
	}
	// Several items may share what failed, such as a template: each has an error of its own.
	const { message, description } = error;
	const isOwn = error.context.itemIndex === itemIndex;
	const texts = { message, description: description ?? '' };
	return {
		itemIndex,
		error: isOwn ? error : operationError(context.getNode(), texts, itemIndex),
		workflowId,
		...(mayHaveStarted(error) && { mayHaveStarted: true }),
	};
}

/** Ends a batch early where the policy is `stop`: the first failure, of whatever, does. */
export class EarlyEnd {
	readonly #controller = new AbortController();

	constructor(private readonly policy: FailurePolicy) {}

	/** Aborts when nothing more is to be started or waited for. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Something has failed. To be told before anything makes room for what would start next. */
	failed(): void {
		if (this.policy === 'stop') this.#controller.abort();
	}

	/** Notes what became of an item, and hands it on. */
	after(outcome: Outcome): Outcome {
		if (isFailure(outcome)) this.failed();
		return outcome;
	}
}

/**
 * Notes in n8n's log what an execution leaves behind at ComfyControl when it is stopped, as it then hands
 * over nothing.
 */
export class LeftBehind {
	readonly #jobs: Job[] = [];

	readonly #uncertain: string[] = [];

	constructor(private readonly context: IExecuteFunctions) {}

	/** A workflow that the execution has started or waits for, and that a stop does not cancel. */
	add(job: Job): void {
		this.#jobs.push(job);
	}

	/** An item's start that failed, if ComfyControl may have started it all the same. */
	addIfUncertain(error: unknown, itemIndex: number): void {
		if (!(error instanceof Error) || !mayHaveStarted(error)) return;
		const sentAt = sentAtOf(error)?.toISOString() ?? 'an unknown time';
		this.#uncertain.push(`item ${itemIndex}, sent at ${sentAt}`);
	}

	/** Called at the end, when nothing comes any more. */
	logIfStopped(): void {
		const { context } = this;
		if (!context.getExecutionCancelSignal()?.aborted) return;
		logList(
			context,
			'warn',
			'these workflows were not stopped with their execution, and their results can be fetched by ID',
			this.#jobs.map(({ workflow: { id }, itemIndex }) => `${id} (item ${itemIndex})`),
		);
		for (const start of this.#uncertain) {
			log(
				context,
				'warn',
				`the start of ${start}, was under way when the execution was stopped. Its workflow may have been started: look in ComfyControl`,
			);
		}
	}
}

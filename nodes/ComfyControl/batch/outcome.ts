import type { IExecuteFunctions, INodeExecutionData, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { ComfyControlWorkflow } from '../api/states';

/** Whether one item's failure ends the execution, or the other items go on. */
export type FailurePolicy = 'stop' | 'goOn';

/** What became of one input item. */
export type Outcome = Success | Failure;

export interface Success {
	itemIndex: number;
	items: INodeExecutionData[];
	/** The workflow that was started for the item, if any. */
	startedWorkflowId?: string;
}

export interface Failure {
	itemIndex: number;
	error: NodeApiError | NodeOperationError;
	/** The workflow that the item started or waited for, if it got that far. */
	workflowId?: string;
	/** The workflow that was started for the item, if any. */
	startedWorkflowId?: string;
	/** Whether that workflow has ended, so that nothing more will come of it. */
	hasEnded?: boolean;
}

/** A workflow that ComfyControl has accepted for an item: what the node follows. */
export interface Run {
	itemIndex: number;
	workflow: ComfyControlWorkflow;
	/** When ComfyControl answered, in milliseconds since 1970. */
	acceptedAtMs: number;
}

/** Whether something known of an item is that its workflow was accepted. */
export function isRun(known: unknown): known is Run {
	return typeof known === 'object' && known !== null && 'acceptedAtMs' in known;
}

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
	if (isNodeError(error)) return { itemIndex, error, workflowId };
	if (context.getExecutionCancelSignal()?.aborted || !(error instanceof Error)) throw error;
	return {
		itemIndex,
		error: new NodeOperationError(context.getNode(), error, { itemIndex }),
		workflowId,
	};
}

/** Whether it is an error that n8n shows to the user as it is. */
export function isNodeError(error: unknown): error is Failure['error'] {
	return isApiError(error) || (error instanceof Error && error.name === 'NodeOperationError');
}

// By name, not by class: while a node is developed, n8n and the node have an n8n-workflow each.
/** Whether it is an error of a request to ComfyControl. */
export function isApiError(error: unknown): error is NodeApiError {
	return error instanceof Error && error.name === 'NodeApiError';
}

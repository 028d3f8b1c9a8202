import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isFailure, type Failure, type Outcome } from '../batch/outcome';
import type { Operation } from './operation';
import { RESOURCES } from './resources';

/** Runs the chosen operation. The only place that knows what n8n does about items that fail. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = chosenOperation(this);
	const policy = this.continueOnFail() ? 'goOn' : 'stop';
	const outcomes = await operation(this, policy);
	const failure = outcomes.find(isFailure);
	if (failure && policy === 'stop') throw told(failure, outcomes);
	return [outcomes.flatMap(toItems)];
}

function chosenOperation(context: IExecuteFunctions): Operation {
	const resource = context.getNodeParameter('resource', 0);
	const name = context.getNodeParameter('operation', 0);
	const operation = RESOURCES.find(({ option }) => option.value === resource)?.operations.find(
		({ option }) => option.value === name,
	);
	if (operation === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`This version of the node has no operation '${String(name)}' for '${String(resource)}'`,
			{ description: 'Choose an operation from the list, or update the ComfyControl node.' },
		);
	}
	return operation.execute;
}

function toItems(outcome: Outcome): INodeExecutionData[] {
	const pairedItem = { item: outcome.itemIndex };
	if (!isFailure(outcome)) return outcome.items.map((item) => ({ ...item, pairedItem }));

	// With this key alone every n8n moves the item to the error output and keeps its input beside it.
	const { error, workflowId } = outcome;
	const { message, description } = error;
	const about = { message, description: description ?? '', ...(workflowId && { workflowId }) };
	return [{ json: { error: about }, pairedItem }];
}

/**
 * The error that ends the execution, with what is known of all items. Nothing that was started gets
 * lost: it is named here.
 */
function told(failure: Failure, outcomes: Outcome[]): Failure['error'] {
	const { error, workflowId, sent } = failure;
	const others = outcomes.filter((outcome) => outcome !== failure);
	const parts = [error.description ?? ''];
	// n8n shows the first failure alone, so that one speaks for the others.
	if (sent !== undefined) {
		parts.push(`Nothing ${sent === 'nothingMore' ? 'more ' : ''}was sent for any item.`);
		const unsent = others.filter(isFailure).map(({ itemIndex }) => itemIndex);
		if (unsent.length > 0) parts.push(`Other items can't be sent either: ${unsent.join(', ')}.`);
	}
	if (
		workflowId !== undefined &&
		!`${error.message} ${error.description ?? ''}`.includes(workflowId)
	) {
		parts.push(`The ID of its workflow is ${workflowId}.`);
	}
	const uncertain = others.flatMap((other) =>
		isFailure(other) && other.mayHaveStarted ? [other.itemIndex] : [],
	);
	if (uncertain.length > 0) {
		parts.push(`Those of other items may have been started too: items ${uncertain.join(', ')}.`);
	}
	const started = others.flatMap(({ itemIndex, startedWorkflowId }) =>
		startedWorkflowId === undefined ? [] : [`${startedWorkflowId} (item ${itemIndex})`],
	);
	if (started.length > 0) {
		parts.push(
			`Already started: ${started.join(', ')}. Leave these items out if you run the node again.`,
		);
	}
	// An item's error is its own, and this one is thrown: nobody reads it again.
	error.description = parts.filter(Boolean).join(' ').trim();
	return error;
}

import { type INode, type NodeApiError, NodeOperationError } from 'n8n-workflow';

import { foreignText } from './foreignText';
import type { Checked, Problem } from './problem';

const MAX_MESSAGE_LENGTH = 1_000;
const MAX_DESCRIPTION_LENGTH = 4_000;

/** An error that n8n shows to the user as it is. */
export type NodeError = NodeApiError | NodeOperationError;

/** An error, of an item if it is one's, that no answer of the API stands behind. */
export function operationError(
	node: INode,
	problem: Problem,
	itemIndex: number | undefined,
): NodeOperationError {
	const { message, description } = boundedTexts(problem, []);
	const error = new NodeOperationError(node, message, { description, itemIndex });
	// n8n swaps a message that contains a code such as ENOENT for a text of its own.
	error.message = message;
	return error;
}

/** The texts of an error, with whatever they quote made fit to be shown. */
export function boundedTexts({ message, description }: Problem, secrets: string[]): Problem {
	return {
		message: foreignText(message, { max: MAX_MESSAGE_LENGTH, secrets }),
		description: foreignText(description, { max: MAX_DESCRIPTION_LENGTH, secrets }),
	};
}

/** The value that passed its check. @throws NodeOperationError with the problem otherwise */
export function valueOrThrow<T>(
	node: INode,
	checked: Checked<T>,
	itemIndex: number | undefined,
): T {
	if ('problem' in checked) throw operationError(node, checked.problem, itemIndex);
	return checked.value;
}

/** Whether it is an error that n8n shows to the user as it is. */
export function isNodeError(error: unknown): error is NodeError {
	return isApiError(error) || (error instanceof Error && error.name === 'NodeOperationError');
}

// By name, not by class: while a node is developed, n8n and the node have an n8n-workflow each.
/** Whether it is an error of a request to ComfyControl. */
export function isApiError(error: unknown): error is NodeApiError {
	return error instanceof Error && error.name === 'NodeApiError';
}

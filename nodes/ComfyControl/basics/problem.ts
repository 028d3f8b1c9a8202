import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** What happened, and what the user does about it. */
export interface ErrorTexts {
	message: string;
	description: string;
}

/** An error, of an item if it is one's, that no answer of the API stands behind. */
export function operationError(
	node: INode,
	{ message, description }: ErrorTexts,
	itemIndex: number | undefined,
): NodeOperationError {
	const error = new NodeOperationError(node, message, { description, itemIndex });
	// n8n swaps a message that contains a code such as ENOENT for a text of its own.
	error.message = message;
	return error;
}

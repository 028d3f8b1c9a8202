import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { foreignText } from '../transport/foreignText';

const MAX_MESSAGE_LENGTH = 1_000;
const MAX_DESCRIPTION_LENGTH = 4_000;

/** What happened, and what the user does about it. */
export interface ErrorTexts {
	message: string;
	description: string;
}

/** An error, of an item if it is one's, that no answer of the API stands behind. */
export function operationError(
	node: INode,
	texts: ErrorTexts,
	itemIndex: number | undefined,
): NodeOperationError {
	const { message, description } = boundedTexts(texts, []);
	const error = new NodeOperationError(node, message, { description, itemIndex });
	// n8n swaps a message that contains a code such as ENOENT for a text of its own.
	error.message = message;
	return error;
}

/** The texts of an error, with whatever they quote made fit to be shown. */
export function boundedTexts({ message, description }: ErrorTexts, secrets: string[]): ErrorTexts {
	return {
		message: foreignText(message, { max: MAX_MESSAGE_LENGTH, secrets }),
		description: foreignText(description, { max: MAX_DESCRIPTION_LENGTH, secrets }),
	};
}

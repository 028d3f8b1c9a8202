import { NodeOperationError } from 'n8n-workflow';
import type { INode } from 'n8n-workflow';

import type { Checked, Problem } from '../../parameters/types';

/** The error for input that can't be sent. */
export function inputError(node: INode, problem: Problem, itemIndex: number): NodeOperationError {
	const error = new NodeOperationError(node, problem.message, {
		description: problem.description,
		itemIndex,
	});
	// n8n swaps a message that contains a code such as ENOENT for a text of its own.
	error.message = problem.message;
	return error;
}

/** The value that passed its check. @throws NodeOperationError with the problem otherwise */
export function valueOrThrow<T>(node: INode, checked: Checked<T>, itemIndex: number): T {
	if ('problem' in checked) throw inputError(node, checked.problem, itemIndex);
	return checked.value;
}

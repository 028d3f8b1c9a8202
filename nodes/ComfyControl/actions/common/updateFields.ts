import type { IExecuteFunctions } from 'n8n-workflow';

import { isRecord } from '../../parameters/guards';
import { operationError } from '../../transport/operationError';

/**
 * The fields that the user has added to be changed.
 *
 * @throws NodeOperationError when there are none
 */
export function enteredUpdate(
	context: IExecuteFunctions,
	itemIndex: number,
): Record<string, unknown> {
	const entered: unknown = context.getNodeParameter('updateFields', itemIndex, {});
	if (isRecord(entered) && Object.keys(entered).length > 0) return entered;
	throw operationError(
		context.getNode(),
		{
			message: 'There is nothing to update',
			description: "Add the fields to change with 'Add Field'.",
		},
		itemIndex,
	);
}

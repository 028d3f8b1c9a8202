import type { IExecuteFunctions } from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import { operationError } from '../basics/nodeErrors';

/**
 * The fields that the user has added to be changed.
 *
 * @throws NodeOperationError when there are none, or when one has no value
 */
export function enteredUpdate(
	context: IExecuteFunctions,
	itemIndex: number,
): Record<string, unknown> {
	const entered: unknown = context.getNodeParameter('updateFields', itemIndex, {});
	const fields = isRecord(entered) ? entered : {};
	// What n8n makes of an expression that gives nothing: not sent, it would change nothing.
	const unfilled = Object.keys(fields).filter(
		(field) => (fields[field] ?? undefined) === undefined,
	);
	if (unfilled.length > 0) {
		throw operationError(
			context.getNode(),
			{
				message: `There is no value for the field to update: ${unfilled.join(', ')}`,
				description:
					'The expression gives nothing for this item. Check it, or remove the field to leave it as it is.',
			},
			itemIndex,
		);
	}
	if (Object.keys(fields).length > 0) return fields;
	throw operationError(
		context.getNode(),
		{
			message: 'There is nothing to update',
			description: "Add the fields to change with 'Add Field'.",
		},
		itemIndex,
	);
}

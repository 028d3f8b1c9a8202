import type { IExecuteFunctions } from 'n8n-workflow';

import { workflowIdIn } from '../../parameters/workflowId';
import { valueOrThrow } from './valueOrThrow';

/**
 * The id of the item's workflow, from an ID or an address.
 *
 * @throws NodeOperationError when what was entered contains no id
 */
export function workflowIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const locator = context.getNodeParameter('workflowId', itemIndex, '');
	const entered =
		typeof locator === 'object' && locator !== null && 'value' in locator ? locator.value : locator;
	return valueOrThrow(context.getNode(), workflowIdIn(entered), itemIndex);
}

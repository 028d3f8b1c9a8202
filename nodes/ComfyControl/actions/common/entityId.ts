import type { IExecuteFunctions } from 'n8n-workflow';

import { entityIdIn } from '../../parameters/entityId';
import type { Collection } from '../../api/collections';
import { valueOrThrow } from './valueOrThrow';

/**
 * The id that was chosen for an item in a resource locator.
 *
 * @throws NodeOperationError when there is none
 */
export function entityIdOf(
	context: IExecuteFunctions,
	field: string,
	{ noun }: Collection,
	itemIndex: number,
): string {
	const chosen = context.getNodeParameter(field, itemIndex, '', { extractValue: true });
	return valueOrThrow(context.getNode(), entityIdIn(chosen, noun), itemIndex);
}

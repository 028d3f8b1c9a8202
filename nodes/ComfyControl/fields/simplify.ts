import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isOnInResult } from './isOn';

/** Whether to leave out what is large. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** What the item's result shows: all of it, or without the fields that are large. */
export function simplified(
	context: IExecuteFunctions,
	itemIndex: number,
	entity: IDataObject,
	largeFields: string[],
): IDataObject {
	if (!isOnInResult(context, simplifyField, itemIndex)) return entity;
	return Object.fromEntries(
		Object.entries(entity).filter(([field]) => !largeFields.includes(field)),
	);
}

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operationError } from '../basics/nodeErrors';
import { numberIn } from '../parameters/given';
import { isOn } from './isOn';

const DEFAULT_LIMIT = 50;

const returnAllField: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

/** How many of a list are wanted. */
export const manyFields: INodeProperties[] = [
	returnAllField,
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** How many entries of a list the item wants. @throws NodeOperationError when the limit is none */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number {
	if (isOn(context, returnAllField, itemIndex)) return Infinity;
	const limit = numberIn(context.getNodeParameter('limit', itemIndex, DEFAULT_LIMIT));
	if (limit !== undefined && limit >= 1) return Math.floor(limit);
	throw operationError(
		context.getNode(),
		{
			message: "'Limit' is not a number of at least 1",
			description: `Enter how many results to return, such as ${DEFAULT_LIMIT}, or switch on 'Return All'.`,
		},
		itemIndex,
	);
}

import type {
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { List } from '../api/endpoint';

/** Lets an item ask only for the entries of a list that have one status. */
export function statusFilterField(
	{ noun }: List,
	states: INodePropertyOptions[],
	preset: string,
): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: preset,
				description: `Only ${noun}s with this status`,
				options: states,
			},
		],
	};
}

/** What an item asks of a list by the field above. */
export function statusFilter(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const status = context.getNodeParameter('filters.status', itemIndex, '');
	return status === '' ? {} : { status };
}

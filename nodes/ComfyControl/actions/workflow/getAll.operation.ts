import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { WORKFLOWS } from '../../transport/collections';
import { manyFields } from '../common/manyFields';
import { readingMany, statusFilter } from '../common/reads';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many workflows',
	description: 'Get the newest workflows',
};

const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			default: 'completed',
			description: 'Only workflows that stand like this',
			options: [
				{ name: 'Cancelled', value: 'cancelled' },
				{ name: 'Completed', value: 'completed' },
				{ name: 'Failed', value: 'failed' },
				{ name: 'Queued', value: 'queued' },
				{ name: 'Running', value: 'running' },
			],
		},
	],
};

export const fields: INodeProperties[] = [...manyFields, filtersField];

/** @see https://docs.comfycontrol.app/api/endpoints/workflows/list */
export const execute = readingMany(WORKFLOWS, statusFilter);

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RUNNERS } from '../../transport/collections';
import { manyFields } from '../common/manyFields';
import { readingMany, statusFilter } from '../common/reads';
import { outputOptionsField, shownRunner } from '../common/runnerFields';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many runners',
	description: 'Get your runners, the newest first',
};

export const fields: INodeProperties[] = [
	...manyFields,
	{
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
				default: 'active',
				description: 'Only runners that stand like this',
				options: [
					{ name: 'Active', value: 'active' },
					{ name: 'Disabled', value: 'disabled' },
				],
			},
		],
	},
	outputOptionsField,
];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/list */
export const execute = readingMany(RUNNERS, statusFilter, shownRunner);

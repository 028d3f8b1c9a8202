import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listWorkflows } from '../../api/workflows';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';
import { statusFilter, statusFilterField } from '../../fields/statusFilter';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many workflows',
	description: 'Get the newest workflows',
};

const STATES: INodePropertyOptions[] = [
	{ name: 'Cancelled', value: 'cancelled' },
	{ name: 'Completed', value: 'completed' },
	{ name: 'Failed', value: 'failed' },
	{ name: 'Queued', value: 'queued' },
	{ name: 'Running', value: 'running' },
];

export const fields: INodeProperties[] = [
	...manyFields,
	statusFilterField(listWorkflows, STATES, 'completed'),
];

export const execute = readingMany(listWorkflows, statusFilter);

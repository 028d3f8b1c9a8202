import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listRunners } from '../../api/runners';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';
import { runnerOptionsField, RUNNER_STATES, shownRunner } from '../../fields/runner';
import { statusFilter, statusFilterField } from '../../fields/statusFilter';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many runners',
	description: 'Get your runners, the newest first',
};

export const fields: INodeProperties[] = [
	...manyFields,
	statusFilterField(listRunners, RUNNER_STATES, 'active'),
	runnerOptionsField,
];

export const execute = readingMany(listRunners, statusFilter, shownRunner);

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RUNNERS } from '../../api/collections';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';
import { outputOptionsField, RUNNER_STATES, shownRunner } from '../../fields/runner';
import { statusFilter, statusFilterField } from '../../fields/statusFilter';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many runners',
	description: 'Get your runners, the newest first',
};

export const fields: INodeProperties[] = [
	...manyFields,
	statusFilterField(RUNNERS, RUNNER_STATES, 'active'),
	outputOptionsField,
];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/list */
export const execute = readingMany(RUNNERS, statusFilter, shownRunner);

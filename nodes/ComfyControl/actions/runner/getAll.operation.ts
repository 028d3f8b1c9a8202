import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RUNNERS } from '../../transport/collections';
import { manyFields } from '../common/manyFields';
import { readingMany } from '../common/reads';
import { outputOptionsField, RUNNER_STATES, shownRunner } from '../common/runnerFields';
import { statusFilter, statusFilterField } from '../common/statusFilter';

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

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RUNNERS } from '../../api/collections';
import { runnerField } from '../../fields/locators';
import { readingOne } from '../reads';
import { outputOptionsField, shownRunner } from '../../fields/runner';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get runner',
	description: 'Get the details of a runner',
};

export const fields: INodeProperties[] = [runnerField, outputOptionsField];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/get */
export const execute = readingOne(RUNNERS, 'runnerId', shownRunner);

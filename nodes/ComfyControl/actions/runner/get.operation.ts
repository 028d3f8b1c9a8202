import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getRunner } from '../../api/runners';
import { runnerField } from '../../fields/locators';
import { readingOne } from '../reads';
import { runnerOptionsField, shownRunner } from '../../fields/runner';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get runner',
	description: 'Get the details of a runner',
};

export const fields: INodeProperties[] = [runnerField, runnerOptionsField];

export const execute = readingOne(getRunner, 'runnerId', shownRunner);

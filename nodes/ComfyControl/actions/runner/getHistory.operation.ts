import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getRunnerHistory } from '../../api/runners';
import { runnerField } from '../../fields/locators';
import { readingHistory } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get history of runner',
	description: 'Get the latest workflows of a runner',
};

export const fields: INodeProperties[] = [runnerField];

export const execute = readingHistory(getRunnerHistory, 'runnerId');

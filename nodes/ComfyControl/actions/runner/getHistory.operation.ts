import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RUNNERS } from '../../api/collections';
import { runnerField } from '../../fields/locators';
import { readingHistory } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get history of runner',
	description: 'Get the latest workflows of a runner',
};

export const fields: INodeProperties[] = [runnerField];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/history */
export const execute = readingHistory(RUNNERS, 'runnerId');

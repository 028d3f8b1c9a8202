import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { MANAGED_RUNNERS } from '../../api/collections';
import { managedRunnerField } from '../../fields/locators';
import { readingHistory } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get history of managed runner',
	description: 'Get the latest workflows of a managed runner',
};

export const fields: INodeProperties[] = [managedRunnerField];

/** @see https://docs.comfycontrol.app/api/endpoints/managed-runners/history */
export const execute = readingHistory(MANAGED_RUNNERS, 'managedRunnerId');

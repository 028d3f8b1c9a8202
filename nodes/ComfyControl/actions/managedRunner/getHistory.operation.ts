import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getManagedRunnerHistory } from '../../api/managedRunners';
import { managedRunnerField } from '../../fields/locators';
import { readingHistory } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get History',
	value: 'getHistory',
	action: 'Get history of managed runner',
	description: 'Get the latest workflows of a managed runner',
};

export const fields: INodeProperties[] = [managedRunnerField];

export const execute = readingHistory(getManagedRunnerHistory, 'managedRunnerId');

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getManagedRunner } from '../../api/managedRunners';
import { managedRunnerField } from '../../fields/locators';
import { readingOne } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get managed runner',
	description: 'Get the details of one of the runners that ComfyControl operates',
};

export const fields: INodeProperties[] = [managedRunnerField];

export const execute = readingOne(getManagedRunner, 'managedRunnerId');

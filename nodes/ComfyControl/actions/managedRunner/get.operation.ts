import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { MANAGED_RUNNERS } from '../../api/collections';
import { managedRunnerField } from '../../fields/locators';
import { readingOne } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get managed runner',
	description: 'Get the details of one of the runners that ComfyControl operates',
};

export const fields: INodeProperties[] = [managedRunnerField];

/** @see https://docs.comfycontrol.app/api/endpoints/managed-runners/get */
export const execute = readingOne(MANAGED_RUNNERS, 'managedRunnerId');

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { isEntity } from '../../api/collections';
import { apiRequest } from '../../transport/request';
import type { Operation } from '../common/operation';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get user',
	description: 'Get the user that the API token belongs to, with their plan',
};

export const fields: INodeProperties[] = [];

/** @see https://docs.comfycontrol.app/api/endpoints/user/get */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const request = {
			method: 'GET' as const,
			path: '/v1/user',
			itemIndex,
			isExpected: isEntity,
		};
		return [{ json: await apiRequest(context, request) }];
	});

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { getUser } from '../../api/user';
import type { Operation } from '../operation';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get user',
	description: 'Get the user that the API token belongs to, with their plan',
};

export const fields: INodeProperties[] = [];

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => [
		{ json: await getUser(context, {}, { itemIndex }) },
	]);

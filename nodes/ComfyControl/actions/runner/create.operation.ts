import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { createRunner } from '../../api/runners';
import type { Operation } from '../operation';
import {
	endpointField,
	headersField,
	runnerOptionsField,
	runnerBody,
	runnerNameField,
	runnerTagsField,
	shownRunner,
} from '../../fields/runner';

export const option: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create runner',
	description: 'Connect your own ComfyUI to ComfyControl',
};

export const fields: INodeProperties[] = [
	{ ...runnerNameField, required: true },
	{ ...endpointField, required: true },
	runnerTagsField,
	headersField,
	runnerOptionsField,
];

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const entered = {
			// An expression that gives nothing must not leave them out.
			name: context.getNodeParameter('name', itemIndex, '') ?? '',
			endpoint: context.getNodeParameter('endpoint', itemIndex, '') ?? '',
			tags: context.getNodeParameter('tags', itemIndex, []),
			headers: context.getNodeParameter('headers', itemIndex, {}),
		};
		const body = runnerBody(context, entered, itemIndex);
		const runner = await createRunner(context, { body }, { itemIndex });
		return [{ json: shownRunner(context, itemIndex, runner) }];
	});

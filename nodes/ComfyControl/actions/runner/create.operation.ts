import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { isEntity, RUNNERS } from '../../api/collections';
import { apiRequest } from '../../transport/request';
import type { Operation } from '../common/operation';
import {
	endpointField,
	headersField,
	outputOptionsField,
	runnerBody,
	runnerNameField,
	runnerTagsField,
	secretsOf,
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
	outputOptionsField,
];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/create */
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
		const runner = await apiRequest(context, {
			method: 'POST',
			path: RUNNERS.path,
			body,
			secrets: secretsOf(body),
			itemIndex,
			isExpected: isEntity,
		});
		return [{ json: shownRunner(context, itemIndex, runner) }];
	});

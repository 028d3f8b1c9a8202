import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { startAndFollow } from '../../runs/startAndFollow';
import { MultipartBody } from '../../transport/multipart';
import { apiRequest } from '../../transport/request';
import { isWorkflow } from '../../transport/workflow';
import { parametersField, workflowField } from '../common/fields';
import type { Operation } from '../common/operation';
import { parameterParts } from '../common/parameterParts';
import {
	downloadOutputsField,
	runOptionsField,
	waitForCompletionField,
	waitSettingsOf,
} from '../common/waitFields';
import { workflowIdOf } from '../common/workflowId';

const onlyWhenWaiting = { show: { waitForCompletion: [true] } };

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['workflow'], operation: ['rerun'] } },
	[
		workflowField,
		parametersField,
		waitForCompletionField,
		{ ...downloadOutputsField, displayOptions: onlyWhenWaiting },
		{ ...runOptionsField, displayOptions: onlyWhenWaiting },
	],
);

/**
 * Runs each item's workflow again with the item's parameters.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/rerun
 */
export const execute: Operation = async (context, policy) =>
	await startAndFollow(context, policy, {
		prepare: async (itemIndex) => ({
			originalId: workflowIdOf(context, itemIndex),
			parts: await parameterParts(context, itemIndex),
		}),
		submit: async ({ originalId, parts }, start) =>
			await apiRequest(context, {
				...start,
				method: 'POST',
				path: `/v1/workflow/${originalId}/rerun`,
				body: new MultipartBody(parts),
				workflowId: originalId,
				isExpected: isWorkflow,
			}),
		waitSettings: (itemIndex) =>
			context.getNodeParameter('waitForCompletion', itemIndex, false) === true
				? waitSettingsOf(context, itemIndex)
				: undefined,
	});

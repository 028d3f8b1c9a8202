import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { startAndFollow } from '../../runs/startAndFollow';
import { MultipartBody } from '../../transport/multipart';
import { apiRequest } from '../../transport/request';
import { isWorkflow } from '../../transport/workflow';
import {
	parameterFormField,
	parametersField,
	specifyParametersField,
	workflowField,
} from '../common/fields';
import { KnownParameters } from '../common/knownParameters';
import type { Operation } from '../common/operation';
import { parameterParts } from '../common/parameterParts';
import { checkParameters, enteredParameters } from '../common/parameters';
import {
	downloadOutputsField,
	runOptionsField,
	waitForCompletionField,
	waitSettingsOf,
} from '../common/waitFields';
import { workflowIdOf } from '../common/workflowId';

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['workflow'], operation: ['rerun'] } },
	[
		workflowField,
		specifyParametersField,
		parametersField,
		parameterFormField,
		waitForCompletionField,
		{ ...downloadOutputsField, displayOptions: { show: { waitForCompletion: [true] } } },
		runOptionsField,
	],
);

/**
 * Runs each item's workflow again with the item's parameters.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/rerun
 */
export const execute: Operation = async (context, policy) => {
	const known = new KnownParameters(context);
	return await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const originalId = workflowIdOf(context, itemIndex);
			const originals = async () => await known.of(originalId, itemIndex);
			const parameters = await enteredParameters(context, itemIndex, originals);
			const parts = await parameterParts(context, parameters, itemIndex);
			return { originalId, parameters, parts };
		},
		check: async ({ originalId, parameters }, itemIndex) =>
			await checkParameters(
				context,
				parameters,
				itemIndex,
				async () => await known.of(originalId, itemIndex),
			),
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
};

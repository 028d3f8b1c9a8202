import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { startAndFollow } from '../../runs/startAndFollow';
import { MultipartBody } from '../../transport/multipart';
import { apiRequest } from '../../transport/request';
import { isEntity, pathOf, subjectOf, WORKFLOWS } from '../../transport/collections';
import { addHint } from '../common/hint';
import { KnownParameters } from '../common/knownParameters';
import { workflowField } from '../common/locators';
import type { Operation } from '../common/operation';
import { parameterFields } from '../common/parameterFields';
import { parameterParts } from '../common/parameterParts';
import { checkParameters, enteredParameters } from '../common/parameters';
import { checkParametersOption, runFields, runSettingsOf } from '../common/waitFields';
import { workflowIdOf } from '../common/workflowId';

export const option: INodePropertyOptions = {
	name: 'Rerun',
	value: 'rerun',
	action: 'Rerun workflow',
	description: 'Run a past workflow again with new texts, files and choices',
};

export const fields: INodeProperties[] = [
	workflowField,
	...parameterFields('workflowForm', 'workflowId.value'),
	...runFields([checkParametersOption]),
];

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
			if (parameters.length === 0) {
				addHint(context, 'No parameters were given: workflows ran again as they were.');
			}
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
				path: `${pathOf(WORKFLOWS, originalId)}/rerun`,
				body: new MultipartBody(parts),
				subject: subjectOf(WORKFLOWS, originalId),
				isExpected: isEntity,
			}),
		waitSettings: (itemIndex) => runSettingsOf(context, itemIndex),
	});
};

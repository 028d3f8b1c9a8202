import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { startAndFollow } from '../../batch/startAndFollow';
import { rerunWorkflow } from '../../api/workflows';
import { addHint } from '../../basics/notes';
import { knownWorkflows } from '../../fields/knownParameters';
import { workflowField, workflowIdOf } from '../../fields/locators';
import type { Operation } from '../operation';
import { parameterFields } from '../../fields/parameterFields';
import {
	checkParameters,
	checkParametersOption,
	enteredParameters,
	isCheckWanted,
	parameterParts,
} from '../../fields/parameters';
import { runFields, runSettingsOf, runsPerItemOf } from '../../fields/runs';
import { requestBytes } from '../../parameters/size';

export const option: INodePropertyOptions = {
	name: 'Rerun',
	value: 'rerun',
	action: 'Rerun workflow',
	description: 'Run a past workflow again with new texts, files and choices',
};

export const fields: INodeProperties[] = [
	workflowField('A workflow that has already run on ComfyControl', 'searchWorkflows'),
	...parameterFields('workflowForm', 'workflowId.value'),
	...runFields([checkParametersOption]),
];

/**
 * Runs each item's workflow again with the item's parameters.
 */
export const execute: Operation = async (context, policy) => {
	const known = knownWorkflows(context);
	const listOf = async (id: string, itemIndex: number) => (await known(id, itemIndex))?.list;
	return await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const originalId = workflowIdOf(context, itemIndex);
			const originals = async () => await listOf(originalId, itemIndex);
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
				async () => await listOf(originalId, itemIndex),
			),
		sizeBytes: ({ parts }) => requestBytes(parts),
		submit: async ({ originalId: id, parts }, more) =>
			await rerunWorkflow(context, { id, parts }, more),
		runsPerItem: (itemIndex) => runsPerItemOf(context, itemIndex),
		waitSettings: (itemIndex) => runSettingsOf(context, itemIndex),
		// Known already where parameters were checked; nothing is asked for it alone.
		expectedRunMs: async ({ originalId, parameters }, itemIndex) =>
			isCheckWanted(context, parameters, itemIndex)
				? (await known(originalId, itemIndex))?.runTimeMs
				: undefined,
	});
};

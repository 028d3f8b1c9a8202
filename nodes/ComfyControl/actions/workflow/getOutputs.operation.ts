import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { collectOutputs } from '../../runs/collectOutputs';
import { eachItem } from '../../runs/eachItem';
import { getWorkflow, progressOf } from '../../transport/workflow';
import { workflowField } from '../common/fields';
import { operationError } from '../../transport/operationError';
import type { Operation } from '../common/operation';
import { downloadOutputsField, outputOptionsField, outputSettingsOf } from '../common/waitFields';
import { workflowIdOf } from '../common/workflowId';

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['workflow'], operation: ['getOutputs'] } },
	[
		{ ...workflowField, description: 'A workflow that has completed' },
		downloadOutputsField,
		outputOptionsField,
	],
);

/**
 * Fetches the outputs of each item's workflow, which must have completed.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/outputs
 */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const workflowId = workflowIdOf(context, itemIndex);
		const workflow = await getWorkflow(context, workflowId, { itemIndex });
		// The API has no outputs for any other state, and answers as if the workflow weren't there.
		if (progressOf(workflow) !== 'completed') {
			throw operationError(
				context.getNode(),
				{
					message: `Workflow ${workflowId} has no outputs, it is '${String(workflow.status)}'`,
					description:
						progressOf(workflow) === 'pending'
							? "Use the operation 'Wait for Completion' to get its outputs as soon as they are there."
							: 'Only a completed workflow has outputs. Run it again to get some.',
				},
				itemIndex,
			);
		}
		return await collectOutputs(
			context,
			{ itemIndex, workflow },
			outputSettingsOf(context, itemIndex),
		);
	});

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { addHint } from '../../basics/notes';
import { collectOutputs, LINKS_EXPIRE } from '../../batch/collectOutputs';
import { eachItem } from '../../batch/eachItem';
import { getWorkflow } from '../../api/workflows';
import { progressOf } from '../../api/states';
import { workflowField, workflowIdOf } from '../../fields/locators';
import { operationError } from '../../basics/nodeErrors';
import type { Operation } from '../operation';
import { downloadOutputsField, outputOptionsField, outputSettingsOf } from '../../fields/outputs';

export const option: INodePropertyOptions = {
	name: 'Get Outputs',
	value: 'getOutputs',
	action: 'Get outputs of workflow',
	description: 'Fetch the files that a completed workflow made',
};

export const fields: INodeProperties[] = [
	workflowField('A workflow that has completed', 'searchWorkflowsCompletedFirst'),
	downloadOutputsField,
	outputOptionsField,
];

/**
 * Fetches the outputs of each item's workflow, which must have completed.
 */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const workflowId = workflowIdOf(context, itemIndex);
		const workflow = await getWorkflow(context, { id: workflowId }, { itemIndex });
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
		const settings = outputSettingsOf(context, itemIndex);
		if (!settings.downloadOutputs) addHint(context, LINKS_EXPIRE);
		return await collectOutputs(context, { itemIndex, workflow }, settings);
	});

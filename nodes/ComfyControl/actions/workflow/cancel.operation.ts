import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { isApiError, operationError } from '../../basics/nodeErrors';
import { cancelWorkflow, getWorkflow } from '../../api/workflows';
import { progressOf } from '../../api/states';
import { workflowField, workflowIdOf } from '../../fields/locators';
import type { Operation } from '../operation';

export const option: INodePropertyOptions = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel workflow',
	description: 'Cancel a workflow that is queued or running',
};

export const fields: INodeProperties[] = [
	workflowField(
		'The workflow to cancel, which must be queued or running',
		'searchWorkflowsPendingFirst',
	),
];

/**
 * Asks ComfyControl to cancel each item's workflow.
 */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = workflowIdOf(context, itemIndex);
		await cancelWorkflow(context, { id }, { itemIndex }).catch(async (error: unknown) => {
			if (!isApiError(error) || error.httpCode !== '400') throw error;
			throw await notCancellable(context, id, itemIndex);
		});
		return [{ json: { id, cancelRequested: true } }];
	});

async function notCancellable(context: IExecuteFunctions, id: string, itemIndex: number) {
	const workflow = await getWorkflow(context, { id }, { itemIndex });
	const status = String(workflow.status);
	const texts =
		progressOf(workflow) === 'pending'
			? {
					message: `Workflow ${id} can't be cancelled yet: it is '${status}'`,
					description:
						'ComfyControl cancels a workflow once it is queued on a runner. Try again in a few seconds.',
				}
			: {
					message: `Workflow ${id} can no longer be cancelled: it is '${status}'`,
					description: 'It has ended, so that there is nothing left to cancel.',
				};
	return operationError(context.getNode(), texts, itemIndex);
}

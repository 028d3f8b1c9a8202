import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getWorkflow } from '../../api/workflows';
import { eachItem } from '../../batch/eachItem';
import { workflowField, workflowIdOf } from '../../fields/locators';
import type { Operation } from '../operation';
import { simplified, simplifyField } from '../../fields/simplify';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get workflow',
	description: 'Get the details of a workflow: its status, its parameters and why it failed',
};

export const fields: INodeProperties[] = [
	workflowField(
		'A workflow on ComfyControl, whether it runs or has ended',
		'searchWorkflowsPendingFirst',
	),
	simplifyField,
];

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = workflowIdOf(context, itemIndex);
		const workflow = await getWorkflow(context, { id }, { itemIndex });
		return [{ json: simplified(context, itemIndex, workflow, ['workflow_json']) }];
	});

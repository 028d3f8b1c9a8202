import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { createWorkflow, firstRunForm } from '../../api/workflows';
import { workflowParameters } from '../../parameters/workflowParameters';
import { startAndFollow } from '../../batch/startAndFollow';
import { definitionFields, definitionOf } from '../../fields/definition';
import { prepareFirstRun, tagsField } from '../../fields/firstRun';
import type { Operation } from '../operation';
import { parameterFields } from '../../fields/parameterFields';
import { runFields, runSettingsOf, runsPerItemOf } from '../../fields/runs';
import { requestBytes } from '../../parameters/size';

export const option: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create and run workflow',
	description: 'Run a workflow from its JSON, with texts, files and choices',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Lighthouse at dawn',
		description: 'What the workflow is called in ComfyControl, up to 200 characters',
	},
	...definitionFields,
	...parameterFields('definitionForm', 'workflowJson', 'workflowSource'),
	...runFields([tagsField]),
];

/**
 * Runs each item's workflow JSON with the item's parameters.
 */
export const execute: Operation = async (context, policy) =>
	await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const name = context.getNodeParameter('name', itemIndex, '');
			return await prepareFirstRun(context, itemIndex, name, async () => {
				const { text, parsed } = await definitionOf(context, itemIndex);
				return { definition: text, list: workflowParameters(parsed, undefined) };
			});
		},
		sizeBytes: (firstRun) => requestBytes(firstRunForm(firstRun)),
		submit: async (firstRun, more) => await createWorkflow(context, firstRun, more),
		runsPerItem: (itemIndex) => runsPerItemOf(context, itemIndex),
		waitSettings: (itemIndex) => runSettingsOf(context, itemIndex),
	});

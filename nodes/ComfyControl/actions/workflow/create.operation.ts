import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { workflowParameters } from '../../parameters/workflowParameters';
import { startAndFollow } from '../../runs/startAndFollow';
import { definitionFields, definitionOf } from '../common/definitionFields';
import { completedParameters, headingOf, startFirstRun, tagsField } from '../common/firstRun';
import type { Operation } from '../common/operation';
import { parameterFields } from '../common/parameterFields';
import { parameterParts } from '../common/parameterParts';
import { enteredParameters } from '../common/parameters';
import { runFields, runSettingsOf } from '../common/waitFields';

export const option: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create workflow',
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
	...parameterFields('definitionForm', 'workflowJson'),
	...runFields([tagsField]),
];

/**
 * Runs each item's workflow JSON with the item's parameters.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/create
 */
export const execute: Operation = async (context, policy) =>
	await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const heading = headingOf(
				context,
				{
					name: context.getNodeParameter('name', itemIndex, ''),
					tags: context.getNodeParameter('options.tags', itemIndex, []),
				},
				itemIndex,
			);
			const { text, parsed } = await definitionOf(context, itemIndex);
			const list = workflowParameters(parsed, undefined);
			const entered = await enteredParameters(context, itemIndex, async () => list);
			const parameters = completedParameters(context, entered, list, itemIndex);
			return { heading, text, parts: await parameterParts(context, parameters, itemIndex) };
		},
		submit: async ({ heading, text, parts }, start) =>
			await startFirstRun(context, heading, text, parts, start),
		waitSettings: (itemIndex) => runSettingsOf(context, itemIndex),
	});

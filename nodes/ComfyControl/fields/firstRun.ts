import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { completed } from '../parameters/check';
import { tagsIn, textWithin } from '../parameters/limits';
import type { ParameterList } from '../parameters/workflowParameters';
import { firstRunForm, type FirstRun } from '../api/workflows';
import { enteredParameters, parameterParts, sendableParts } from './parameters';
import { valueOrThrow } from '../basics/nodeErrors';

/** @see https://docs.comfycontrol.app/api/endpoints/workflows/create */
const LONGEST_NAME = 200;

/** The tags of a workflow that is started for the first time. */
export const tagsField: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Tag' },
	default: [],
	placeholder: 'e.g. gpu-a100',
	description:
		'The workflow runs only on a runner that has all of these tags. Without tags it runs on any runner.',
};

/**
 * Checks what an item's workflow is started with: its name, its tags, its JSON, and the parameters that
 * were entered, with the defaults of the others.
 *
 * @param read gives the workflow's JSON and what it takes
 * @throws NodeOperationError when ComfyControl would not take something, or a parameter has no value
 */
export async function prepareFirstRun(
	context: IExecuteFunctions,
	itemIndex: number,
	enteredName: unknown,
	read: () => Promise<{ definition: string; list: ParameterList }>,
): Promise<FirstRun> {
	const node = context.getNode();
	const enteredTags = context.getNodeParameter('options.tags', itemIndex, []);
	const name = valueOrThrow(node, textWithin('Name', enteredName, LONGEST_NAME), itemIndex);
	const tags = valueOrThrow(node, tagsIn(enteredTags), itemIndex);
	const { definition, list } = await read();
	const entered = await enteredParameters(context, itemIndex, async () => list);
	const parameters = valueOrThrow(node, completed(entered, list), itemIndex);
	const firstRun = {
		name,
		tags,
		definition,
		parameters: await parameterParts(context, parameters, itemIndex),
	};
	sendableParts(context, firstRunForm(firstRun), itemIndex);
	return firstRun;
}

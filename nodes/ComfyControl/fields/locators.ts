import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { valueOrThrow } from '../basics/nodeErrors';
import { entityIdIn, workflowIdIn } from '../parameters/ids';

// Without validation patterns: n8n tries them before each execution, with a quarter of a second for each,
// and a busy n8n would refuse to run what is right. What is wrong is explained when it runs.
/** Which workflow an operation works on: one that has run, or runs. */
export function workflowField(
	description: string,
	searchListMethod:
		| 'searchWorkflows'
		| 'searchWorkflowsCompletedFirst'
		| 'searchWorkflowsPendingFirst',
): INodeProperties {
	return {
		displayName: 'Workflow',
		name: 'workflowId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a workflow…',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. a1b2c3d4-e5f6-4890-…',
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://comfycontrol.app/…',
			},
		],
	};
}

/** Which template an operation works on. */
export const templateField: INodeProperties = locator('Template', 'templateId', 'searchTemplates');

/** Which runner of the user's an operation works on. */
export const runnerField: INodeProperties = locator('Runner', 'runnerId', 'searchRunners');

/** Which of ComfyControl's own runners an operation works on. */
export const managedRunnerField: INodeProperties = locator(
	'Managed Runner',
	'managedRunnerId',
	'searchManagedRunners',
);

function locator(displayName: string, name: string, searchListMethod: string): INodeProperties {
	const noun = displayName.toLowerCase();
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select a ${noun}…`,
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 550e8400-e29b-41d4-a716-446655440000',
			},
		],
	};
}

/**
 * The id of the item's workflow, from an ID or an address.
 *
 * @throws NodeOperationError when what was entered contains no id
 */
export function workflowIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const entered = chosen(context, 'workflowId', itemIndex);
	return valueOrThrow(context.getNode(), workflowIdIn(entered), itemIndex);
}

/**
 * The id that was chosen for an item in a locator.
 *
 * @throws NodeOperationError when there is none
 */
export function entityIdOf(
	context: IExecuteFunctions,
	field: string,
	noun: string,
	itemIndex: number,
): string {
	const entered = chosen(context, field, itemIndex);
	return valueOrThrow(context.getNode(), entityIdIn(entered, noun), itemIndex);
}

function chosen(context: IExecuteFunctions, field: string, itemIndex: number): unknown {
	return context.getNodeParameter(field, itemIndex, '', { extractValue: true });
}

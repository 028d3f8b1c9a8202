import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { completed } from '../../parameters/check';
import { tagsIn, textWithin } from '../../parameters/limits';
import type { Parameter } from '../../parameters/types';
import type { ParameterList } from '../../parameters/workflowParameters';
import type { Start } from '../../runs/startAndFollow';
import { isEntity, WORKFLOWS, type Entity } from '../../transport/collections';
import { MultipartBody, type FormPart } from '../../transport/multipart';
import { apiRequest } from '../../transport/request';
import { definitionPart } from './definitionFields';
import { valueOrThrow } from './valueOrThrow';

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
	description: 'It runs only on a runner that has all of these tags; without tags, on any runner',
};

/** What a workflow is called and where it may run. */
export interface Heading {
	name: string;
	tags: string[];
}

/**
 * The name and tags for a workflow, checked.
 *
 * @throws NodeOperationError when ComfyControl would not take them
 */
export function headingOf(
	context: IExecuteFunctions,
	entered: { name: unknown; tags: unknown },
	itemIndex: number,
): Heading {
	const node = context.getNode();
	return {
		name: valueOrThrow(node, textWithin('Name', entered.name, LONGEST_NAME), itemIndex),
		tags: valueOrThrow(node, tagsIn(entered.tags), itemIndex),
	};
}

/**
 * The parameters that were entered, and the defaults of the others.
 *
 * @throws NodeOperationError when one is wrong or has no value
 */
export function completedParameters(
	context: IExecuteFunctions,
	parameters: Parameter[],
	list: ParameterList,
	itemIndex: number,
): Parameter[] {
	return valueOrThrow(context.getNode(), completed(parameters, list), itemIndex);
}

/**
 * Starts a workflow that has not run before.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/create
 */
export async function startFirstRun(
	context: IExecuteFunctions,
	{ name, tags }: Heading,
	definitionText: string,
	parameters: FormPart[],
	start: Start,
): Promise<Entity> {
	const heading: FormPart[] = [{ field: 'name', text: name }];
	if (tags.length > 0) heading.push({ field: 'tags', text: tags.join(',') });
	const definition = definitionPart('workflow_json', { text: definitionText });
	return await apiRequest(context, {
		...start,
		method: 'POST',
		path: WORKFLOWS.path,
		body: new MultipartBody([...heading, definition, ...parameters]),
		isExpected: isEntity,
	});
}

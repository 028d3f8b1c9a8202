import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readDefinitionToSend, type Definition } from '../parameters/definition';
import { requestSizeProblem } from '../parameters/size';
import { operationError, valueOrThrow } from '../basics/nodeErrors';
import { readJsonBytes } from '../parameters/jsonText';
import { inputFile } from './inputFile';

const EXPORT_HINT =
	"In ComfyUI: 'File' > 'Export (API)', in older versions 'Workflow' > 'Export (API)'. Placeholders such as $text(prompt) become parameters.";

/** A workflow's JSON, typed or pasted. */
export const workflowJsonField: INodeProperties = {
	displayName: 'Workflow JSON',
	name: 'workflowJson',
	type: 'json',
	typeOptions: { rows: 8 },
	default: '',
	placeholder: 'e.g. { "3": { "class_type": "KSampler", "inputs": { … } } }',
	description: "The workflow in ComfyUI's API format",
	hint: EXPORT_HINT,
};

/** A workflow's JSON in a file. */
export const workflowFileField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'workflowBinaryPropertyName',
	type: 'string',
	typeOptions: { binaryDataProperty: true },
	default: 'data',
	placeholder: 'e.g. data or https://example.com/workflow.json',
	description:
		"The input field containing a file with the workflow in ComfyUI's API format, or a URL to fetch it from",
	hint: EXPORT_HINT,
};

/** A workflow's JSON, and where it comes from. */
export const definitionFields: INodeProperties[] = [
	{
		displayName: 'Workflow Source',
		name: 'workflowSource',
		type: 'options',
		noDataExpression: true,
		default: 'json',
		options: [
			{ name: 'Binary File', value: 'binary', description: 'A file in a field of the input' },
			{ name: 'JSON', value: 'json', description: 'Entered here, or by an expression' },
		],
	},
	{ ...workflowJsonField, displayOptions: { show: { workflowSource: ['json'] } } },
	{ ...workflowFileField, displayOptions: { show: { workflowSource: ['binary'] } } },
];

/**
 * The item's workflow JSON, from where it was said to come from.
 *
 * @throws NodeOperationError when it is no workflow in API format
 */
export async function definitionOf(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<Definition> {
	const isFile = context.getNodeParameter('workflowSource', itemIndex, 'json') === 'binary';
	return isFile
		? await definitionIn(
				context,
				context.getNodeParameter('workflowBinaryPropertyName', itemIndex, ''),
				itemIndex,
			)
		: checkedDefinition(
				context,
				context.getNodeParameter('workflowJson', itemIndex, ''),
				itemIndex,
			);
}

/** The workflow JSON in a file of the input. @throws NodeOperationError as `definitionOf` does */
export async function definitionIn(
	context: IExecuteFunctions,
	binaryField: unknown,
	itemIndex: number,
): Promise<Definition> {
	const parameter = { kind: 'file' as const, name: 'Workflow JSON', input: String(binaryField) };
	const file = await inputFile(context, parameter, itemIndex);
	const problem = requestSizeProblem([{ field: parameter.name, file }]);
	if (problem) throw operationError(context.getNode(), problem, itemIndex);
	const chunks: Uint8Array[] = [];
	for await (const chunk of await file.open()) chunks.push(chunk);
	const text = valueOrThrow(context.getNode(), readJsonBytes(Buffer.concat(chunks)), itemIndex);
	return checkedDefinition(context, text, itemIndex);
}

/** Workflow JSON that was entered. @throws NodeOperationError as `definitionOf` does */
export function checkedDefinition(
	context: IExecuteFunctions,
	entered: unknown,
	itemIndex: number,
): Definition {
	return valueOrThrow(context.getNode(), readDefinitionToSend(entered), itemIndex);
}

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { unfitParameter } from '../parameters/check';
import { unusedHint } from '../parameters/columns';
import { readCollection } from '../parameters/values';
import { parametersOfSchema, readColumns, readForm } from '../parameters/form';
import { objectIn, readObject } from '../parameters/object';
import { isRecord } from '../basics/guards';
import type { Parameter } from '../parameters/types';
import type { ParameterList } from '../parameters/workflowParameters';
import { operationError, valueOrThrow } from '../basics/nodeErrors';
import { addHint } from '../basics/notes';
import { binaryFieldsOf, inputFile } from './inputFile';
import { isOn } from './isOn';
import { formFieldName } from '../parameters/placeholders';
import { requestSizeProblem } from '../parameters/size';
import type { FormPart } from '../transport/multipart';

const RAW = { rawExpressions: true };

/** Reads what the item's workflow takes, or gives undefined when that can't be read. */
type ReadKnown = () => Promise<ParameterList | undefined>;

/** Whether to check parameters against what a past workflow takes. */
export const checkParametersOption: INodeProperties = {
	displayName: 'Check Parameters',
	name: 'checkParameters',
	type: 'boolean',
	default: true,
	description:
		'Whether to read the workflow first and compare the names, kinds and choices of the parameters with those that it takes. Costs one request for each workflow, the first time.',
};

/**
 * What was entered for the item's parameters, by name, in the form or as JSON.
 *
 * @throws NodeOperationError with what is wrong and how to put it right
 */
export async function enteredParameters(
	context: IExecuteFunctions,
	itemIndex: number,
	readKnown: ReadKnown,
): Promise<Parameter[]> {
	switch (context.getNodeParameter('specifyParameters', itemIndex, 'fields')) {
		case 'form':
			return await formParameters(context, itemIndex, readKnown);
		case 'json':
			return await jsonParameters(context, itemIndex, readKnown);
		default:
			return namedParameters(context, itemIndex);
	}
}

function namedParameters(context: IExecuteFunctions, itemIndex: number): Parameter[] {
	const node = context.getNode();
	const collection = context.getNodeParameter('parameters', itemIndex, {});
	return valueOrThrow(node, readCollection(collection), itemIndex);
}

async function jsonParameters(
	context: IExecuteFunctions,
	itemIndex: number,
	readKnown: ReadKnown,
): Promise<Parameter[]> {
	const node = context.getNode();
	const entered: unknown = context.getNodeParameter('parametersJson', itemIndex, '');
	const written: unknown = context.getNodeParameter('parametersJson', itemIndex, '', RAW);
	const object = valueOrThrow(node, objectIn(entered, written), itemIndex);
	if (Object.keys(object).length === 0) return [];
	const known = await readKnown();
	return valueOrThrow(node, readObject(object, known?.parameters ?? []), itemIndex);
}

async function formParameters(
	context: IExecuteFunctions,
	itemIndex: number,
	readKnown: ReadKnown,
): Promise<Parameter[]> {
	const form: unknown = context.getNodeParameter('parameterForm', itemIndex, {});
	if (!isRecord(form)) return [];
	if (form.mappingMode === 'autoMapInputData') {
		return await mappedParameters(context, itemIndex, form.schema, readKnown);
	}
	const written: unknown = context.getNodeParameter('parameterForm', itemIndex, {}, RAW);
	const values = isRecord(written) ? written.value : undefined;
	const files = binaryFieldsOf(context, itemIndex);
	const read = readForm(form.value, values, form.schema, files);
	return valueOrThrow(context.getNode(), read, itemIndex);
}

/**
 * Compares what was entered with what the item's workflow takes, unless that is switched off.
 *
 * @throws NodeOperationError for the first parameter that the workflow can't take
 */
export async function checkParameters(
	context: IExecuteFunctions,
	parameters: Parameter[],
	itemIndex: number,
	readKnown: ReadKnown,
): Promise<void> {
	if (!isCheckWanted(context, parameters, itemIndex)) return;
	const known = await readKnown();
	const problem = known && unfitParameter(parameters, known);
	if (problem) throw operationError(context.getNode(), problem, itemIndex);
}

/** Whether there is something to check, and the check is not switched off. */
export function isCheckWanted(
	context: IExecuteFunctions,
	parameters: Parameter[],
	itemIndex: number,
): boolean {
	const path = 'options.checkParameters';
	return isOn(context, checkParametersOption, itemIndex, path) && parameters.length > 0;
}

async function mappedParameters(
	context: IExecuteFunctions,
	itemIndex: number,
	schema: unknown,
	readKnown: ReadKnown,
): Promise<Parameter[]> {
	const known = await readKnown();
	if (known === undefined && parametersOfSchema(schema).length === 0) {
		throw operationError(
			context.getNode(),
			{
				message: "The workflow's parameters can't be read, so nothing can be mapped automatically",
				description:
					"Check 'Workflow' and that the credential's token is from the account that owns it, or choose 'Map Each Column Manually'.",
			},
			itemIndex,
		);
	}
	const { json } = context.getInputData()[itemIndex];
	const files = binaryFieldsOf(context, itemIndex);
	const taken = known?.parameters ?? parametersOfSchema(schema);
	const { parameters, unused } = valueOrThrow(
		context.getNode(),
		readColumns(taken, { json, files }),
		itemIndex,
	);
	if (unused.length > 0) addHint(context, unusedHint(taken, unused));
	return parameters;
}

/**
 * The form parts for the item's parameters, with their files found and of a size that can be sent.
 *
 * @throws NodeOperationError with what is wrong and how to put it right
 */
export async function parameterParts(
	context: IExecuteFunctions,
	parameters: Parameter[],
	itemIndex: number,
): Promise<FormPart[]> {
	const parts: FormPart[] = [];
	for (const parameter of parameters) parts.push(await formPart(context, parameter, itemIndex));

	return sendableParts(context, parts, itemIndex);
}

/**
 * All parts of one request, when they are of a size that can be sent.
 *
 * @throws NodeOperationError with what each of them weighs otherwise
 */
export function sendableParts(
	context: IExecuteFunctions,
	parts: FormPart[],
	itemIndex: number,
): FormPart[] {
	const problem = requestSizeProblem(parts);
	if (problem) throw operationError(context.getNode(), problem, itemIndex);
	return parts;
}

async function formPart(
	context: IExecuteFunctions,
	parameter: Parameter,
	itemIndex: number,
): Promise<FormPart> {
	const field = formFieldName(parameter);
	return parameter.kind === 'file'
		? { field, file: await inputFile(context, parameter, itemIndex) }
		: { field, text: parameter.value };
}

import type { IExecuteFunctions } from 'n8n-workflow';

import { formFieldName } from '../parameters/names';
import { requestSizeProblem } from '../parameters/size';
import type { Parameter } from '../parameters/types';
import type { FormPart } from '../transport/multipart';
import { operationError } from '../basics/nodeErrors';
import { inputFile } from './inputFile';

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

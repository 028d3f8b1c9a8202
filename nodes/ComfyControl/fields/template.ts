import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { textWithin } from '../parameters/limits';
import type { FormPart } from '../transport/multipart';
import { valueOrThrow } from '../actions/common/valueOrThrow';

/** @see https://docs.comfycontrol.app/api/endpoints/templates/create */
const LONGEST_NAME = 100;
const LONGEST_DESCRIPTION = 500;

export const templateNameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Portrait with a fixed style',
	description: 'What the template is called, up to 100 characters',
};

export const templateDescriptionField: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. Takes a prompt and a photo',
	description: 'What the template is for, up to 500 characters',
};

/**
 * The form parts for a template's name and description, of what was entered at all.
 *
 * @throws NodeOperationError when ComfyControl would not take them
 */
export function templateParts(
	context: IExecuteFunctions,
	{ name, description }: { name?: unknown; description?: unknown },
	itemIndex: number,
): FormPart[] {
	const part = (field: string, label: string, entered: unknown, longest: number): FormPart => ({
		field,
		text: valueOrThrow(context.getNode(), textWithin(label, entered, longest), itemIndex),
	});
	const parts: FormPart[] = [];
	if (name !== undefined) parts.push(part('name', 'Name', name, LONGEST_NAME));
	if (description !== undefined) {
		parts.push(part('description', 'Description', description, LONGEST_DESCRIPTION));
	}
	return parts;
}

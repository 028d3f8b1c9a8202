import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { textWithin } from '../parameters/limits';
import type { TemplateContent } from '../api/templates';
import { valueOrThrow } from '../basics/nodeErrors';

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
 * A template's name and description, of what was entered at all.
 *
 * @throws NodeOperationError when ComfyControl would not take them
 */
export function templateTexts(
	context: IExecuteFunctions,
	{ name, description }: { name?: unknown; description?: unknown },
	itemIndex: number,
): Pick<TemplateContent, 'name' | 'description'> {
	const text = (label: string, entered: unknown, longest: number) =>
		entered === undefined
			? undefined
			: valueOrThrow(context.getNode(), textWithin(label, entered, longest), itemIndex);
	return {
		name: text('Name', name, LONGEST_NAME),
		description: text('Description', description, LONGEST_DESCRIPTION),
	};
}

import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { templateForm, updateTemplate } from '../../api/templates';
import { operationError } from '../../basics/nodeErrors';
import {
	checkedDefinition,
	definitionIn,
	workflowFileField,
	workflowJsonField,
} from '../../fields/definition';
import { entityIdOf, templateField } from '../../fields/locators';
import type { Operation } from '../operation';
import { sendableParts } from '../../fields/parameters';
import { simplified, simplifyField } from '../../fields/simplify';
import { templateDescriptionField, templateNameField, templateTexts } from '../../fields/template';
import { enteredUpdate } from '../../fields/update';

export const option: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update template',
	description: 'Change the name, description or workflow JSON of a template',
};

export const fields: INodeProperties[] = [
	templateField,
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			templateDescriptionField,
			templateNameField,
			{ ...workflowFileField, displayName: 'Workflow File (Input Data Field Name)' },
			workflowJsonField,
		],
	},
	simplifyField,
];

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = entityIdOf(context, 'templateId', updateTemplate.noun, itemIndex);
		const entered = enteredUpdate(context, itemIndex);
		const content = {
			...templateTexts(context, entered, itemIndex),
			definition: await newDefinition(context, entered, itemIndex),
		};
		sendableParts(context, templateForm(content), itemIndex);
		const template = await updateTemplate(context, { id, ...content }, { itemIndex });
		return [{ json: simplified(context, itemIndex, template, ['body']) }];
	});

async function newDefinition(
	context: IExecuteFunctions,
	{ workflowJson, workflowBinaryPropertyName: file }: Record<string, unknown>,
	itemIndex: number,
): Promise<string | undefined> {
	if (workflowJson !== undefined && file !== undefined) {
		throw operationError(
			context.getNode(),
			{
				message: 'The workflow JSON is given twice, as JSON and as a file',
				description: 'Remove one of the two fields.',
			},
			itemIndex,
		);
	}
	if (file !== undefined) return (await definitionIn(context, file, itemIndex)).text;
	return workflowJson === undefined
		? undefined
		: checkedDefinition(context, workflowJson, itemIndex).text;
}

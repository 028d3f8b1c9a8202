import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { createTemplate, templateForm } from '../../api/templates';
import { definitionFields, definitionOf } from '../../fields/definition';
import type { Operation } from '../operation';
import { sendableParts } from '../../fields/parameters';
import { simplified, simplifyField } from '../../fields/simplify';
import { templateDescriptionField, templateNameField, templateTexts } from '../../fields/template';

export const option: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create template',
	description: 'Keep a workflow JSON on ComfyControl to run it later',
};

export const fields: INodeProperties[] = [
	{ ...templateNameField, required: true },
	{ ...templateDescriptionField, required: true },
	...definitionFields,
	simplifyField,
];

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const entered = {
			// An expression that gives nothing must not leave them out.
			name: context.getNodeParameter('name', itemIndex, '') ?? '',
			description: context.getNodeParameter('description', itemIndex, '') ?? '',
		};
		const texts = templateTexts(context, entered, itemIndex);
		const { text: definition } = await definitionOf(context, itemIndex);
		const content = { ...texts, definition };
		sendableParts(context, templateForm(content), itemIndex);
		const template = await createTemplate(context, content, { itemIndex });
		return [{ json: simplified(context, itemIndex, template, ['body']) }];
	});

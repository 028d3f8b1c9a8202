import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../runs/eachItem';
import { isEntity, TEMPLATES } from '../../transport/collections';
import { MultipartBody } from '../../transport/multipart';
import { apiRequest } from '../../transport/request';
import { definitionFields, definitionOf, definitionPart } from '../common/definitionFields';
import type { Operation } from '../common/operation';
import { sendableParts } from '../common/parameterParts';
import { simplified, simplifyField } from '../common/simplify';
import {
	templateDescriptionField,
	templateNameField,
	templateParts,
} from '../common/templateFields';

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

/** @see https://docs.comfycontrol.app/api/endpoints/templates/create */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const entered = {
			// An expression that gives nothing must not leave them out.
			name: context.getNodeParameter('name', itemIndex, '') ?? '',
			description: context.getNodeParameter('description', itemIndex, '') ?? '',
		};
		const parts = templateParts(context, entered, itemIndex);
		const definition = definitionPart('body', await definitionOf(context, itemIndex));
		const template = await apiRequest(context, {
			method: 'POST',
			path: TEMPLATES.path,
			body: new MultipartBody(sendableParts(context, [...parts, definition], itemIndex)),
			itemIndex,
			isExpected: isEntity,
		});
		return [{ json: simplified(context, itemIndex, template, ['body']) }];
	});

import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../runs/eachItem';
import { isEntity, pathOf, subjectOf, TEMPLATES } from '../../transport/collections';
import { MultipartBody, type FormPart } from '../../transport/multipart';
import { operationError } from '../../transport/operationError';
import { apiRequest } from '../../transport/request';
import {
	checkedDefinition,
	definitionIn,
	definitionPart,
	workflowFileField,
	workflowJsonField,
} from '../common/definitionFields';
import { entityIdOf } from '../common/entityId';
import { templateField } from '../common/locators';
import type { Operation } from '../common/operation';
import { sendableParts } from '../common/parameterParts';
import { simplified, simplifyField } from '../common/simplify';
import {
	templateDescriptionField,
	templateNameField,
	templateParts,
} from '../common/templateFields';
import { enteredUpdate } from '../common/updateFields';

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

/** @see https://docs.comfycontrol.app/api/endpoints/templates/update */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = entityIdOf(context, 'templateId', TEMPLATES, itemIndex);
		const entered = enteredUpdate(context, itemIndex);
		const parts: FormPart[] = [
			...templateParts(context, entered, itemIndex),
			...(await newDefinition(context, entered, itemIndex)),
		];
		const template = await apiRequest(context, {
			method: 'PUT',
			path: pathOf(TEMPLATES, id),
			subject: subjectOf(TEMPLATES, id),
			body: new MultipartBody(sendableParts(context, parts, itemIndex)),
			itemIndex,
			isExpected: isEntity,
		});
		return [{ json: simplified(context, itemIndex, template, ['body']) }];
	});

async function newDefinition(
	context: IExecuteFunctions,
	{ workflowJson, workflowBinaryPropertyName: file }: Record<string, unknown>,
	itemIndex: number,
): Promise<FormPart[]> {
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
	if (file !== undefined) {
		return [definitionPart('body', await definitionIn(context, file, itemIndex))];
	}
	return workflowJson === undefined
		? []
		: [definitionPart('body', checkedDefinition(context, workflowJson, itemIndex))];
}

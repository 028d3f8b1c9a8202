import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { TEMPLATES } from '../../api/collections';
import { templateField } from '../../fields/locators';
import { readingOne } from '../reads';
import { simplified, simplifyField } from '../../fields/simplify';

export const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get template',
	description: 'Get a template with its workflow JSON',
};

export const fields: INodeProperties[] = [templateField, simplifyField];

/** @see https://docs.comfycontrol.app/api/endpoints/templates/get */
export const execute = readingOne(TEMPLATES, 'templateId', (context, itemIndex, template) =>
	simplified(context, itemIndex, template, ['body']),
);

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { TEMPLATES } from '../../transport/collections';
import { templateField } from '../common/locators';
import { readingOne } from '../common/reads';
import { simplified, simplifyField } from '../common/simplify';

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

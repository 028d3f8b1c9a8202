import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getTemplate } from '../../api/templates';
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

export const execute = readingOne(getTemplate, 'templateId', (context, itemIndex, template) =>
	simplified(context, itemIndex, template, ['body']),
);

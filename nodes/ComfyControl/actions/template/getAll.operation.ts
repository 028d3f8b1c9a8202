import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listTemplates } from '../../api/templates';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many templates',
	description: 'Get the newest templates',
};

export const fields: INodeProperties[] = manyFields;

export const execute = readingMany(listTemplates);

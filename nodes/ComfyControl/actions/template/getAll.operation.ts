import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { TEMPLATES } from '../../api/collections';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many templates',
	description: 'Get the newest templates',
};

export const fields: INodeProperties[] = manyFields;

/** @see https://docs.comfycontrol.app/api/endpoints/templates/list */
export const execute = readingMany(TEMPLATES);

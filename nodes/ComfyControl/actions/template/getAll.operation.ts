import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { TEMPLATES } from '../../transport/collections';
import { manyFields } from '../common/manyFields';
import { readingMany } from '../common/reads';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many templates',
	description: 'Get the newest templates',
};

export const fields: INodeProperties[] = manyFields;

/** @see https://docs.comfycontrol.app/api/endpoints/templates/list */
export const execute = readingMany(TEMPLATES);

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { MANAGED_RUNNERS } from '../../api/collections';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many managed runners',
	description: 'Get the newest managed runners',
};

export const fields: INodeProperties[] = manyFields;

/** @see https://docs.comfycontrol.app/api/endpoints/managed-runners/list */
export const execute = readingMany(MANAGED_RUNNERS);

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listManagedRunners } from '../../api/managedRunners';
import { manyFields } from '../../fields/many';
import { readingMany } from '../reads';

export const option: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many managed runners',
	description: 'Get the newest managed runners',
};

export const fields: INodeProperties[] = manyFields;

export const execute = readingMany(listManagedRunners);

import type { INodeProperties } from 'n8n-workflow';

import { downloadOutputsField, outputOptionsField } from '../fields/outputs';

export const triggerFields: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: ['completed'],
		description: 'How a workflow must end to start an execution',
		options: [
			{
				name: 'Workflow Cancelled',
				value: 'cancelled',
				description: 'Somebody or something stopped it',
			},
			{
				name: 'Workflow Completed',
				value: 'completed',
				description: 'Its outputs are there',
			},
			{
				name: 'Workflow Failed',
				value: 'failed',
				description: 'ComfyUI did not accept it, or stopped with an error',
			},
		],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Text to Image',
				description: 'Only workflows whose name contains this, in upper or lower case',
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Tag' },
				default: [],
				placeholder: 'e.g. production',
				description: 'Only workflows that have all of these tags, written exactly like this',
			},
		],
	},
	downloadOutputsField,
	outputOptionsField,
];

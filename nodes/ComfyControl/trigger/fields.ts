import type { INodeProperties } from 'n8n-workflow';

import { downloadOutputsField, optionsField, polledOutputOptions } from '../fields/outputs';

export const includeOwnOption: INodeProperties = {
	displayName: 'Include Own',
	name: 'includeOwn',
	type: 'boolean',
	default: false,
	description:
		'Whether to also start for workflows that this n8n workflow has started itself. Unless a filter keeps them out, it then runs for ever.',
};

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
				name: 'Workflow Completed',
				value: 'completed',
				description: 'It has finished, and its files are there',
			},
			{
				name: 'Workflow Failed',
				value: 'failed',
				description: 'ComfyUI did not accept it, or stopped with an error',
			},
			{
				name: 'Workflow Cancelled',
				value: 'cancelled',
				description: 'Somebody or something stopped it',
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
				displayName: 'Exclude Tags',
				name: 'excludeTags',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Tag' },
				default: [],
				placeholder: 'e.g. draft',
				description: 'Leave out workflows that have any of these tags, written exactly like this',
			},
			{
				displayName: 'Name',
				name: 'name',
				type: 'resourceLocator',
				default: { mode: 'list', value: '' },
				description: 'Only workflows of this name',
				modes: [
					{
						displayName: 'From List',
						name: 'list',
						type: 'list',
						placeholder: 'Select a name…',
						typeOptions: { searchListMethod: 'searchWorkflowNames', searchable: true },
					},
					{
						displayName: 'Contains',
						name: 'contains',
						type: 'string',
						placeholder: 'e.g. Text to Image',
						hint: 'A part of the name, in upper or lower case',
					},
				],
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
	{
		displayName:
			"This trigger skips workflows that its own n8n workflow has started. It can't recognise them in queue mode, after n8n has restarted, or if another n8n workflow has started them: set a filter that leaves them out.",
		name: 'ownNotice',
		type: 'notice',
		default: '',
	},
	downloadOutputsField,
	{ ...optionsField, options: [includeOwnOption, ...polledOutputOptions] },
];

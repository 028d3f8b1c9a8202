import type { INodeProperties } from 'n8n-workflow';

import { CONTAINS_WORKFLOW_ID } from '../../parameters/workflowId';

/** Which workflow an operation works on. */
export const workflowField: INodeProperties = {
	displayName: 'Workflow',
	name: 'workflowId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'A workflow that has already run on ComfyControl',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a workflow…',
			typeOptions: { searchListMethod: 'searchWorkflows', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. a1b2c3d4-e5f6-4890-…',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: CONTAINS_WORKFLOW_ID,
						errorMessage: 'A workflow ID looks like a1b2c3d4-e5f6-4890-abcd-ef1234567890',
					},
				},
			],
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://comfycontrol.app/…',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: CONTAINS_WORKFLOW_ID,
						errorMessage: 'The address must contain the ID of a workflow',
					},
				},
			],
		},
	],
};

const nameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
};

/** How the parameters are entered. */
export const specifyParametersField: INodeProperties = {
	displayName: 'Specify Parameters',
	name: 'specifyParameters',
	type: 'options',
	noDataExpression: true,
	default: 'fields',
	options: [
		{
			name: 'Using Fields Below',
			value: 'fields',
			description: 'Add the parameters to change by their names',
		},
		{
			name: 'Using Workflow Form',
			value: 'form',
			description: 'Fill in a form with all parameters of the workflow and their last values',
		},
	],
};

/** The dynamic parameters of a workflow, in a form made from it. */
export const parameterFormField: INodeProperties = {
	displayName: 'Parameters',
	name: 'parameterForm',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	displayOptions: { show: { specifyParameters: ['form'] } },
	typeOptions: {
		loadOptionsDependsOn: ['workflowId.value'],
		resourceMapper: {
			resourceMapperMethod: 'workflowForm',
			mode: 'add',
			fieldWords: { singular: 'parameter', plural: 'parameters' },
			addAllFields: true,
			supportAutoMap: true,
		},
	},
};

/** The dynamic parameters of a workflow, entered by name. */
export const parametersField: INodeProperties = {
	displayName: 'Parameters',
	name: 'parameters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Parameter',
	default: {},
	displayOptions: { show: { specifyParameters: ['fields'] } },
	description: "What to change for this run. Parameters that you don't add aren't sent.",
	options: [
		{
			displayName: 'Text Parameter',
			name: 'text',
			values: [
				{
					...nameField,
					placeholder: 'e.g. prompt',
					description: 'The name in the workflow, such as prompt in $text(prompt)',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
					placeholder: 'e.g. a lighthouse at dawn',
					description: 'The text or number to use, sent exactly as entered',
				},
			],
		},
		{
			displayName: 'File Parameter',
			name: 'file',
			values: [
				{
					...nameField,
					placeholder: 'e.g. input_image',
					description: 'The name in the workflow, such as input_image in $file(input_image)',
				},
				{
					displayName: 'Input Data Field Name',
					name: 'binaryPropertyName',
					type: 'string',
					typeOptions: { binaryDataProperty: true },
					default: '',
					placeholder: 'e.g. data',
					hint: 'The name of the input field containing the file. Leave empty if the item has only one file.',
				},
			],
		},
		{
			displayName: 'Choice Parameter',
			name: 'choice',
			values: [
				{
					...nameField,
					placeholder: 'e.g. sampler',
					description:
						'The name in the workflow, such as sampler in $choice(sampler, euler, dpm_2)',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. dpm_2',
					description: 'One of the choices that the workflow offers',
				},
			],
		},
	],
};

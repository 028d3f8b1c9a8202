import type { INodeProperties } from 'n8n-workflow';

/**
 * The dynamic parameters of a workflow: entered by name, as JSON, or in a form that is made from the workflow.
 *
 * @param method makes the form
 * @param dependsOn the fields that say which workflow it is
 */
export function parameterFields(method: string, ...dependsOn: string[]): INodeProperties[] {
	const form: INodeProperties = {
		...parameterFormField,
		typeOptions: {
			loadOptionsDependsOn: dependsOn,
			resourceMapper: {
				resourceMapperMethod: method,
				mode: 'add',
				fieldWords: { singular: 'parameter', plural: 'parameters' },
				addAllFields: true,
				supportAutoMap: true,
				hideNoDataError: true,
				// From n8n 2.34 on; older ones don't look at it.
				refreshStaleSchemaOnOpen: true,
			},
		},
	};
	return [specifyParametersField, parametersField, parametersJsonField, form];
}

const specifyParametersField: INodeProperties = {
	displayName: 'Specify Parameters',
	name: 'specifyParameters',
	type: 'options',
	noDataExpression: true,
	default: 'fields',
	options: [
		{
			name: 'Using Fields Below',
			value: 'fields',
			description: 'Add each parameter that you want to set, by its name',
		},
		{
			name: 'Using JSON',
			value: 'json',
			description: 'Give all parameters in one object, such as one from a webhook or a Code node',
		},
		{
			name: 'Using Workflow Form',
			value: 'form',
			description: 'Fill in a form with all parameters of the workflow, or fill them from columns',
		},
	],
};

const parameterFormField: INodeProperties = {
	displayName: 'Parameters',
	name: 'parameterForm',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	displayOptions: { show: { specifyParameters: ['form'] } },
};

const parametersJsonField: INodeProperties = {
	displayName: 'Parameters',
	name: 'parametersJson',
	type: 'json',
	typeOptions: { rows: 5 },
	// The editor marks an empty JSON as an error, and shows no placeholder in it.
	default: '{}',
	hint: 'For example { "prompt": "a lighthouse at dawn", "input_image": "data", "sampler": "dpm_2" }',
	displayOptions: { show: { specifyParameters: ['json'] } },
	description:
		"One object with the parameters to set, by their names. A file is the name of an input field or a URL. What it doesn't have keeps the value that it has in the workflow.",
};

const nameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
};

const parametersField: INodeProperties = {
	displayName: 'Parameters',
	name: 'parameters',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Parameter',
	default: {},
	displayOptions: { show: { specifyParameters: ['fields'] } },
	description:
		"The parameters to set. What you don't add keeps the value that it has in the workflow.",
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
					placeholder: 'e.g. data or https://example.com/photo.png',
					hint: 'The name of the input field containing the file, or a URL to fetch it from. Leave empty if the item has only one file.',
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

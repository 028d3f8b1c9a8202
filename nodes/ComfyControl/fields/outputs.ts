import type { IExecuteFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';

import type { OutputSettings } from '../batch/settings';
import { isOn, isOnForPoll } from './isOn';
import { shownValue } from '../parameters/given';

/** Whether to fetch the files. */
export const downloadOutputsField: INodeProperties = {
	displayName: 'Download Outputs',
	name: 'downloadOutputs',
	type: 'boolean',
	default: true,
	description:
		'Whether to download the output files. Otherwise only their links are returned, which expire after some minutes.',
};

export const outputFieldOption: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'outputBinaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the output field to put the file in. With several files in one item, the next are called data_1, data_2 and so on.',
};

export const outputNameOption: INodeProperties = {
	displayName: 'Output File Name',
	name: 'outputFileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.product }}',
	description:
		'What to call the files, instead of the names that ComfyUI gave. They keep their extensions; further files of a workflow get _1, _2 and so on.',
};

export const outputModeOption: INodeProperties = {
	displayName: 'Output Items',
	name: 'outputMode',
	type: 'options',
	default: 'file',
	description: 'Whether each output file, or each workflow with all of its files, becomes an item',
	options: [
		{ name: 'One Item for Each File', value: 'file' },
		{ name: 'One Item for Each Workflow', value: 'workflow' },
	],
};

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
};

/** Shows a field where files are to be fetched. */
export const ofDownloads = { show: { '/downloadOutputs': [true] } };
/** What a trigger does with files: it has no item to name them after. */
export const polledOutputOptions: INodeProperties[] = [
	{ ...outputFieldOption, displayOptions: ofDownloads },
	{ ...outputModeOption, displayOptions: ofDownloads },
];

export const outputOptions: INodeProperties[] = [
	...polledOutputOptions,
	{ ...outputNameOption, displayOptions: ofDownloads },
].sort((a, b) => a.displayName.localeCompare(b.displayName));

/** Options of fetching outputs. */
export const outputOptionsField: INodeProperties = {
	...optionsField,
	displayOptions: ofDownloads,
	options: [outputFieldOption, outputNameOption, outputModeOption],
};

/** What to do with the outputs of an item's workflow. */
export function outputSettingsOf(context: IExecuteFunctions, itemIndex: number): OutputSettings {
	const downloadOutputs = isOn(context, downloadOutputsField, itemIndex);
	return settingsFrom(downloadOutputs, (name) => context.getNodeParameter(name, itemIndex, ''));
}

/** What the trigger does with outputs. */
export function polledOutputSettings(context: IPollFunctions): OutputSettings {
	const downloadOutputs = isOnForPoll(context, downloadOutputsField);
	return settingsFrom(downloadOutputs, (name) => context.getNodeParameter(name, ''));
}

function settingsFrom(
	downloadOutputs: boolean,
	parameter: (name: string) => unknown,
): OutputSettings {
	const text = (name: string) => String(shownValue(parameter(`options.${name}`)) ?? '').trim();
	return {
		downloadOutputs,
		outputMode: text('outputMode') === 'workflow' ? 'workflow' : 'file',
		binaryField: text('outputBinaryPropertyName') || 'data',
		fileName: text('outputFileName'),
	};
}

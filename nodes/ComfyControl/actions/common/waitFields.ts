import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { switched } from '../../parameters/switched';
import type { OutputSettings, WaitSettings } from '../../runs/waitSettings';
import { operationError } from '../../transport/operationError';
import { outputSettings } from './outputSettings';

const DEFAULT_TIMEOUT_SECONDS = 900;

const waitForCompletionField: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		'Whether to wait until ComfyControl has finished the workflow and hand over its outputs, rather than going on as soon as it is accepted',
};

/** Whether to fetch the files. */
export const downloadOutputsField: INodeProperties = {
	displayName: 'Download Outputs',
	name: 'downloadOutputs',
	type: 'boolean',
	default: true,
	description:
		'Whether to download the output files. Otherwise only their links are returned, which expire after some minutes.',
};

const cancelOnStopOption: INodeProperties = {
	displayName: 'Cancel on Stop',
	name: 'cancelOnStop',
	type: 'boolean',
	default: false,
	description:
		'Whether to cancel the workflow on ComfyControl too when the n8n execution is stopped or times out',
};

const outputFieldOption: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'outputBinaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the output field to put the file in. With several files in one item, the next are called data_1, data_2 and so on.',
};

const outputModeOption: INodeProperties = {
	displayName: 'Output Items',
	name: 'outputMode',
	type: 'options',
	default: 'file',
	description: 'How the output files are spread over items',
	options: [
		{ name: 'One Item for Each File', value: 'file' },
		{ name: 'One Item for Each Workflow', value: 'workflow' },
	],
};

const timeoutOption: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_TIMEOUT_SECONDS,
	description:
		'How long to wait for each workflow. One that takes longer goes on at ComfyControl and can be picked up later.',
};

const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
};

/** Whether to check parameters against what a past workflow takes. */
export const checkParametersOption: INodeProperties = {
	displayName: 'Check Parameters',
	name: 'checkParameters',
	type: 'boolean',
	default: true,
	description:
		'Whether to read the workflow first and compare the names, kinds and choices of the parameters with those that it takes. Costs one request for each workflow.',
};

const ofDownloads = { show: { '/downloadOutputs': [true] } };
const outputOptions: INodeProperties[] = [
	{ ...outputFieldOption, displayOptions: ofDownloads },
	{ ...outputModeOption, displayOptions: ofDownloads },
];

const ofWaiting = { show: { '/waitForCompletion': [true] } };
const ofWaitingForDownloads = { show: { ...ofWaiting.show, ...ofDownloads.show } };

const runOptions = [
	{ ...cancelOnStopOption, displayOptions: ofWaiting },
	{ ...outputFieldOption, displayOptions: ofWaitingForDownloads },
	{ ...outputModeOption, displayOptions: ofWaitingForDownloads },
	{ ...timeoutOption, displayOptions: ofWaiting },
];

/**
 * Whether to wait, and how, for operations that start workflows.
 *
 * @param options those of the operation itself
 */
export function runFields(options: INodeProperties[]): INodeProperties[] {
	const all = [...runOptions, ...options].sort((a, b) =>
		a.displayName.localeCompare(b.displayName),
	);
	return [
		waitForCompletionField,
		{ ...downloadOutputsField, displayOptions: { show: { waitForCompletion: [true] } } },
		{ ...optionsField, options: all },
	];
}

/** Options of waiting for workflows that run already. */
export const waitOptionsField: INodeProperties = {
	...optionsField,
	options: [...outputOptions, timeoutOption],
};

/** Options of fetching outputs. */
export const outputOptionsField: INodeProperties = {
	...optionsField,
	displayOptions: ofDownloads,
	options: [outputFieldOption, outputModeOption],
};

/**
 * How to wait for the workflow that an item starts, or undefined if it is only to be started.
 *
 * @throws NodeOperationError when the timeout is no time
 */
export function runSettingsOf(
	context: IExecuteFunctions,
	itemIndex: number,
): WaitSettings | undefined {
	return switched(context.getNodeParameter('waitForCompletion', itemIndex, false), false)
		? waitSettingsOf(context, itemIndex)
		: undefined;
}

/**
 * How to wait for an item's workflow, and what to do with its outputs.
 *
 * @throws NodeOperationError when the timeout is no time
 */
export function waitSettingsOf(context: IExecuteFunctions, itemIndex: number): WaitSettings {
	const timeoutSeconds = Number(
		context.getNodeParameter('options.timeout', itemIndex, DEFAULT_TIMEOUT_SECONDS),
	);
	if (!(timeoutSeconds > 0)) {
		throw operationError(
			context.getNode(),
			{
				message: "'Timeout (Seconds)' is not a number above 0",
				description: `Enter a number of seconds, such as ${DEFAULT_TIMEOUT_SECONDS}, or remove the option.`,
			},
			itemIndex,
		);
	}
	return {
		...outputSettingsOf(context, itemIndex),
		timeoutSeconds,
		cancelOnStop: switched(
			context.getNodeParameter('options.cancelOnStop', itemIndex, false),
			false,
		),
	};
}

/** What to do with the outputs of an item's workflow. */
export function outputSettingsOf(context: IExecuteFunctions, itemIndex: number): OutputSettings {
	return outputSettings((name, fallback) => context.getNodeParameter(name, itemIndex, fallback));
}

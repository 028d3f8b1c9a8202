import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { WaitSettings } from '../batch/settings';
import { operationError } from '../basics/nodeErrors';
import {
	downloadOutputsField,
	ofDownloads,
	optionsField,
	outputFieldOption,
	outputModeOption,
	outputOptions,
	outputSettingsOf,
} from './outputs';
import { switched } from '../parameters/switched';

const DEFAULT_TIMEOUT_SECONDS = 900;

const waitForCompletionField: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		'Whether to wait until ComfyControl has finished the workflow and hand over its outputs, rather than going on as soon as it is accepted',
};

const cancelOnStopOption: INodeProperties = {
	displayName: 'Cancel on Stop',
	name: 'cancelOnStop',
	type: 'boolean',
	default: false,
	description:
		'Whether to cancel the workflow on ComfyControl too when the n8n execution is stopped or times out',
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

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { WaitSettings } from '../batch/settings';
import { operationError } from '../basics/nodeErrors';
import type { Problem } from '../basics/problem';
import { isOn } from './isOn';
import {
	downloadOutputsField,
	ofDownloads,
	optionsField,
	outputFieldOption,
	outputModeOption,
	outputNameOption,
	outputOptions,
	outputSettingsOf,
} from './outputs';
import { numberIn } from '../parameters/given';

const DEFAULT_TIMEOUT_SECONDS = 900;

const MOST_RUNS = 100;

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

const workflowsAtOnceOption: INodeProperties = {
	displayName: 'Workflows at Once',
	name: 'workflowsAtOnce',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'How many workflows may be started and not finished at the same time. The next one starts when one ends. With 0, as many as ComfyControl takes.',
};

/** How many variations of each item are wanted. */
const runsPerItemOption: INodeProperties = {
	displayName: 'Runs per Item',
	name: 'runsPerItem',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_RUNS, numberPrecision: 0 },
	default: 1,
	description:
		'How many workflows to start for each item, each paid for on its own. They differ where the workflow has random seeds, such as $random(). With more than 1, the results are numbered in runNumber.',
};

/** Whether rows keep their fields. The router does it, for successes and failures alike. */
export const includeInputFieldsOption: INodeProperties = {
	displayName: 'Include Input Fields',
	name: 'includeInputFields',
	type: 'boolean',
	default: false,
	description:
		'Whether to put the fields of the input item beside the result. Where both have a field, the one of the result is kept.',
};

const ofWaiting = { show: { '/waitForCompletion': [true] } };
const ofWaitingForDownloads = { show: { ...ofWaiting.show, ...ofDownloads.show } };

const runOptions: INodeProperties[] = [
	{ ...cancelOnStopOption, displayOptions: ofWaiting },
	{ ...outputFieldOption, displayOptions: ofWaitingForDownloads },
	{ ...outputNameOption, displayOptions: ofWaitingForDownloads },
	{ ...outputModeOption, displayOptions: ofWaitingForDownloads },
	{ ...timeoutOption, displayOptions: ofWaiting },
	{ ...workflowsAtOnceOption, displayOptions: ofWaiting },
];

/**
 * Whether to wait, and how, for operations that start workflows.
 *
 * @param options those of the operation itself
 */
export function runFields(options: INodeProperties[]): INodeProperties[] {
	const all = [...runOptions, includeInputFieldsOption, runsPerItemOption, ...options].sort(
		(a, b) => a.displayName.localeCompare(b.displayName),
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
	return isOn(context, waitForCompletionField, itemIndex)
		? waitSettingsOf(context, itemIndex)
		: undefined;
}

/**
 * How to wait for an item's workflow, and what to do with its outputs.
 *
 * @throws NodeOperationError when the timeout is no time, or the number of workflows at once is none
 */
export function waitSettingsOf(context: IExecuteFunctions, itemIndex: number): WaitSettings {
	const number = (name: string, unset: number) =>
		numberIn(context.getNodeParameter(`options.${name}`, itemIndex, unset));
	const node = context.getNode();
	const timeoutSeconds = number('timeout', DEFAULT_TIMEOUT_SECONDS);
	if (timeoutSeconds === undefined || timeoutSeconds <= 0) {
		throw operationError(node, NO_TIMEOUT, itemIndex);
	}
	const workflowsAtOnce = number('workflowsAtOnce', 0);
	if (workflowsAtOnce === undefined || !Number.isInteger(workflowsAtOnce) || workflowsAtOnce < 0) {
		throw operationError(node, NO_NUMBER_AT_ONCE, itemIndex);
	}
	return {
		...outputSettingsOf(context, itemIndex),
		timeoutSeconds,
		workflowsAtOnce: workflowsAtOnce === 0 ? Infinity : workflowsAtOnce,
		cancelOnStop: isOn(context, cancelOnStopOption, itemIndex, 'options.cancelOnStop'),
	};
}

/**
 * How many workflows are to be started for an item.
 *
 * @throws NodeOperationError when it is no number from 1 to 100
 */
export function runsPerItemOf(context: IExecuteFunctions, itemIndex: number): number {
	const runs = numberIn(context.getNodeParameter('options.runsPerItem', itemIndex, 1));
	if (runs !== undefined && Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS) return runs;
	throw operationError(context.getNode(), NO_RUNS, itemIndex);
}

const NO_TIMEOUT: Problem = {
	message: "'Timeout (Seconds)' is not a number above 0",
	description: `Enter a number of seconds, such as ${DEFAULT_TIMEOUT_SECONDS}, or remove the option.`,
};

const NO_NUMBER_AT_ONCE: Problem = {
	message: "'Workflows at Once' is not a whole number",
	description: 'Enter how many may run at the same time, such as 2, or 0 for as many as possible.',
};

const NO_RUNS: Problem = {
	message: `'Runs per Item' is not a whole number from 1 to ${MOST_RUNS}`,
	description: 'Enter how many workflows to start for each item, such as 4, or remove the option.',
};

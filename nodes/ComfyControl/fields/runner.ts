import type {
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import { readHeaders } from '../parameters/headers';
import { tagsIn, textWithin, webAddress } from '../parameters/limits';
import type { Checked } from '../parameters/types';
import { operationError, valueOrThrow } from '../basics/nodeErrors';
import { requestSizeProblem } from '../parameters/size';
import { isOnInResult } from './isOn';

/** @see https://docs.comfycontrol.app/api/endpoints/runners/create */
const LONGEST_NAME = 100;
const MOST_TAGS = 10;

export const runnerNameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. GPU box in the office',
	description: 'What the runner is called in ComfyControl, up to 100 characters',
};

export const endpointField: INodeProperties = {
	displayName: 'Endpoint',
	name: 'endpoint',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://comfyui.example.com',
	description: 'The address of your ComfyUI, which ComfyControl must be able to reach',
};

export const runnerTagsField: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Tag' },
	default: [],
	placeholder: 'e.g. gpu-a100',
	description: 'Workflows with tags run on it only if it has all of theirs. Up to 10.',
};

/** How a runner may stand. */
export const RUNNER_STATES: INodePropertyOptions[] = [
	{ name: 'Active', value: 'active' },
	{ name: 'Disabled', value: 'disabled' },
];

export const headersField: INodeProperties = {
	displayName: 'Headers',
	name: 'headers',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Header',
	default: {},
	description: 'Sent with every request to your ComfyUI, such as those to sign in',
	options: [
		{
			displayName: 'Header',
			name: 'header',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. Authorization',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					typeOptions: { password: true },
					default: '',
				},
			],
		},
	],
};

const showHeaderValuesOption: INodeProperties = {
	displayName: 'Show Header Values',
	name: 'showHeaderValues',
	type: 'boolean',
	default: false,
	description:
		'Whether to show the values of the headers, which are secrets. Otherwise they are shown as ***.',
};

export const runnerOptionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [showHeaderValuesOption],
};

/** What was entered for a runner, of what was entered at all. */
export interface EnteredRunner {
	name?: unknown;
	endpoint?: unknown;
	status?: unknown;
	tags?: unknown;
	headers?: unknown;
}

/**
 * The body of a request that creates or updates a runner.
 *
 * @throws NodeOperationError when ComfyControl would not take it
 */
export function runnerBody(
	context: IExecuteFunctions,
	{ name, endpoint, status, tags, headers }: EnteredRunner,
	itemIndex: number,
): IDataObject {
	const valueOf = <T>(checked: Checked<T>) => valueOrThrow(context.getNode(), checked, itemIndex);
	const body: IDataObject = {};
	if (name !== undefined) body.name = valueOf(textWithin('Name', name, LONGEST_NAME));
	if (endpoint !== undefined) body.endpoint = valueOf(webAddress('Endpoint', endpoint));
	if (status !== undefined) body.status = String(status);
	if (tags !== undefined) body.tags = valueOf(tagsIn(tags, MOST_TAGS));
	if (headers !== undefined) body.headers = valueOf(readHeaders(headers));
	const problem = requestSizeProblem([{ field: 'body', text: JSON.stringify(body) }]);
	if (problem) throw operationError(context.getNode(), problem, itemIndex);
	return body;
}

/** A runner as the item's result shows it, with the values of its headers only if they are wanted. */
export function shownRunner(
	context: IExecuteFunctions,
	itemIndex: number,
	runner: IDataObject,
): IDataObject {
	const { headers } = runner;
	if (!isRecord(headers)) return runner;
	const path = 'options.showHeaderValues';
	if (isOnInResult(context, showHeaderValuesOption, itemIndex, path)) return runner;
	const masked = Object.keys(headers).map((header) => [header, '***']);
	return { ...runner, headers: Object.fromEntries(masked) };
}

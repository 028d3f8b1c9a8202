import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { isEntity, pathOf, RUNNERS, subjectOf } from '../../api/collections';
import { apiRequest } from '../../transport/request';
import { entityIdOf } from '../common/entityId';
import { runnerField } from '../../fields/locators';
import type { Operation } from '../common/operation';
import {
	endpointField,
	headersField,
	outputOptionsField,
	RUNNER_STATES,
	runnerBody,
	runnerNameField,
	runnerTagsField,
	secretsOf,
	shownRunner,
} from '../../fields/runner';
import { enteredUpdate } from '../../fields/update';

export const option: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update runner',
	description: 'Change a runner, or take it out of service',
};

export const fields: INodeProperties[] = [
	runnerField,
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			endpointField,
			headersField,
			runnerNameField,
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'active',
				description: 'A disabled runner gets no workflows',
				options: RUNNER_STATES,
			},
			runnerTagsField,
		],
	},
	outputOptionsField,
];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/update */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = entityIdOf(context, 'runnerId', RUNNERS, itemIndex);
		const body = runnerBody(context, enteredUpdate(context, itemIndex), itemIndex);
		const runner = await apiRequest(context, {
			method: 'PUT',
			path: pathOf(RUNNERS, id),
			subject: subjectOf(RUNNERS, id),
			body,
			secrets: secretsOf(body),
			itemIndex,
			isExpected: isEntity,
		});
		return [{ json: shownRunner(context, itemIndex, runner) }];
	});

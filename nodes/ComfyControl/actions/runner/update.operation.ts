import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { updateRunner } from '../../api/runners';
import { entityIdOf, runnerField } from '../../fields/locators';
import type { Operation } from '../operation';
import {
	endpointField,
	headersField,
	runnerOptionsField,
	RUNNER_STATES,
	runnerBody,
	runnerNameField,
	runnerTagsField,
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
	runnerOptionsField,
];

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = entityIdOf(context, 'runnerId', updateRunner.noun, itemIndex);
		const body = runnerBody(context, enteredUpdate(context, itemIndex), itemIndex);
		const runner = await updateRunner(context, { id, body }, { itemIndex });
		return [{ json: shownRunner(context, itemIndex, runner) }];
	});

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { isAnything, pathOf, RUNNERS, subjectOf } from '../../api/collections';
import { apiRequest } from '../../transport/request';
import { entityIdOf } from '../common/entityId';
import { runnerField } from '../../fields/locators';
import type { Operation } from '../common/operation';

export const option: INodePropertyOptions = {
	name: 'Interrupt',
	value: 'interrupt',
	action: 'Interrupt runner',
	description: 'Stop whatever runs on a runner at the moment',
};

export const fields: INodeProperties[] = [
	{
		...runnerField,
		hint: "This stops other people's workflows too. To stop one workflow, use Workflow > Cancel.",
	},
];

/** @see https://docs.comfycontrol.app/api/endpoints/runners/interrupt */
export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = entityIdOf(context, 'runnerId', RUNNERS, itemIndex);
		await apiRequest(context, {
			method: 'POST',
			path: `${pathOf(RUNNERS, id)}/interrupt`,
			subject: subjectOf(RUNNERS, id),
			itemIndex,
			isExpected: isAnything,
		});
		return [{ json: { id, interrupted: true } }];
	});

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { eachItem } from '../../batch/eachItem';
import { interruptRunner } from '../../api/runners';
import { entityIdOf, runnerField } from '../../fields/locators';
import type { Operation } from '../operation';

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

export const execute: Operation = async (context, policy) =>
	await eachItem(context, policy, async (itemIndex) => {
		const id = entityIdOf(context, 'runnerId', interruptRunner.noun, itemIndex);
		await interruptRunner(context, { id }, { itemIndex });
		return [{ json: { id, interrupted: true } }];
	});

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { followRuns, type FollowedRun } from '../../batch/followRuns';
import { isFailure } from '../../batch/outcome';
import { prepareAll } from '../../batch/prepareAll';
import { nowMs } from '../../basics/time';
import { workflowField } from '../../fields/locators';
import type { Operation } from '../common/operation';
import { downloadOutputsField, waitOptionsField, waitSettingsOf } from '../../fields/waiting';
import { workflowIdOf } from '../common/workflowId';

export const option: INodePropertyOptions = {
	name: 'Wait for Completion',
	value: 'wait',
	action: 'Wait for completion of workflow',
	description: 'Wait for a workflow that was started before, and fetch its outputs',
};

export const fields: INodeProperties[] = [
	{
		...workflowField,
		description: 'The workflow to wait for, such as the ID that Rerun returned',
	},
	downloadOutputsField,
	waitOptionsField,
];

/**
 * Waits for each item's workflow, which something else has started, and hands over its outputs.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/get
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/outputs
 */
export const execute: Operation = async (context, policy) => {
	const items = await prepareAll(context, policy, {
		prepare: async (itemIndex) => ({
			id: workflowIdOf(context, itemIndex),
			settings: waitSettingsOf(context, itemIndex),
		}),
	});
	const runs = items.flatMap((item): FollowedRun[] => {
		if (isFailure(item)) return [];
		const { id, settings } = item.plan;
		const { timeoutSeconds } = settings;
		const acceptedAtMs = nowMs();
		return [
			{
				itemIndex: item.itemIndex,
				workflow: { id },
				acceptedAtMs,
				timeoutSeconds,
				settings,
			},
		];
	});
	const outcomes = [...items.filter(isFailure), ...(await followRuns(context, policy, runs))];
	return outcomes.sort((a, b) => a.itemIndex - b.itemIndex);
};

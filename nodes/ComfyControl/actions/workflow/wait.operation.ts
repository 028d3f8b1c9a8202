import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { followJobs } from '../../batch/jobFollower';
import { isFailure, type FollowedJob } from '../../batch/outcome';
import { prepareAll } from '../../batch/prepareAll';
import { nowMs } from '../../basics/time';
import { workflowField, workflowIdOf } from '../../fields/locators';
import type { Operation } from '../operation';
import { waitOptionsField, waitSettingsOf } from '../../fields/runs';
import { downloadOutputsField } from '../../fields/outputs';

export const option: INodePropertyOptions = {
	name: 'Wait for Completion',
	value: 'wait',
	action: 'Wait for completion of workflow',
	description: 'Wait for a workflow that was started before, and fetch its outputs',
};

export const fields: INodeProperties[] = [
	workflowField(
		'The workflow to wait for, such as the ID that Rerun returned',
		'searchWorkflowsPendingFirst',
	),
	downloadOutputsField,
	waitOptionsField,
];

/**
 * Waits for each item's workflow, which something else has started, and hands over its outputs.
 */
export const execute: Operation = async (context, policy) => {
	const items = await prepareAll(context, policy, {
		prepare: async (itemIndex) => ({
			id: workflowIdOf(context, itemIndex),
			settings: waitSettingsOf(context, itemIndex),
		}),
	});
	const jobs = items.flatMap((item): FollowedJob[] => {
		if (isFailure(item)) return [];
		const { id, settings } = item.plan;
		return [{ itemIndex: item.itemIndex, workflow: { id }, acceptedAtMs: nowMs(), settings }];
	});
	const ends = [...items.filter(isFailure), ...(await followJobs(context, policy, jobs))];
	return ends.sort((a, b) => a.itemIndex - b.itemIndex);
};

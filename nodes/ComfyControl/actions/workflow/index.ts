import type { INodeProperties } from 'n8n-workflow';

import * as getOutputs from './getOutputs.operation';
import * as rerun from './rerun.operation';
import * as wait from './wait.operation';

export const operations = {
	getOutputs: getOutputs.execute,
	rerun: rerun.execute,
	wait: wait.execute,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['workflow'] } },
		default: 'rerun',
		options: [
			{
				name: 'Get Outputs',
				value: 'getOutputs',
				action: 'Get outputs of workflow',
				description: 'Fetch the files that a completed workflow made',
			},
			{
				name: 'Rerun',
				value: 'rerun',
				action: 'Rerun workflow',
				description: 'Run a past workflow again with new texts, files and choices',
			},
			{
				name: 'Wait for Completion',
				value: 'wait',
				action: 'Wait for completion of workflow',
				description: 'Wait for a workflow that was started before, and fetch its outputs',
			},
		],
	},
	...getOutputs.description,
	...rerun.description,
	...wait.description,
];

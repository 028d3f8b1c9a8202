import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { router } from './actions/router';
import * as workflow from './actions/workflow';
import { searchWorkflows } from './methods/listSearch';
import { workflowForm } from './methods/resourceMapping';

export class ComfyControl implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ComfyControl',
		name: 'comfyControl',
		icon: {
			light: 'file:../../icons/comfycontrol.svg',
			dark: 'file:../../icons/comfycontrol.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Run your ComfyUI workflows on ComfyControl',
		defaults: { name: 'ComfyControl' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'comfyControlApi', required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'workflow',
				options: [{ name: 'Workflow', value: 'workflow' }],
			},
			...workflow.description,
		],
	};

	methods = { listSearch: { searchWorkflows }, resourceMapping: { workflowForm } };

	execute = router;
}

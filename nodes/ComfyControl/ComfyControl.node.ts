import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { router } from './actions/router';
import { properties, RESOURCES } from './actions/resources';
import * as listSearch from './methods/listSearch';
import * as resourceMapping from './methods/resourceMapping';

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
		description: 'Run ComfyUI workflows on ComfyControl, or start when they finish',
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
				options: RESOURCES.map(({ option }) => option),
			},
			...properties,
		],
	};

	methods = { listSearch: { ...listSearch }, resourceMapping: { ...resourceMapping } };

	execute = router;
}

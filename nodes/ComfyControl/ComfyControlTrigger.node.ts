import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { searchWorkflowNames } from './methods/listSearch';
import { triggerFields } from './trigger/fields';
import { poll } from './trigger/poll';

export class ComfyControlTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ComfyControl Trigger',
		name: 'comfyControlTrigger',
		icon: {
			light: 'file:../../icons/comfycontrol.svg',
			dark: 'file:../../icons/comfycontrol.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Run ComfyUI workflows on ComfyControl, or start when they finish',
		defaults: { name: 'ComfyControl Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'comfyControlApi', required: true }],
		properties: [...triggerFields],
	};

	methods = { listSearch: { searchWorkflowNames } };

	poll = poll;
}

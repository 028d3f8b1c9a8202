import type { INode } from 'n8n-workflow';

/** The node as errors know it. */
export const NODE: INode = {
	id: '1',
	name: 'ComfyControl',
	type: 'comfyControl',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

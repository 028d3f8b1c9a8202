import type { INodeParameters } from 'n8n-workflow';

/** The saved parameters of a Rerun, as the contract has them. */
export function rerunParameters(
	workflowId: string,
	parameters: INodeParameters = {},
): INodeParameters {
	return {
		resource: 'workflow',
		operation: 'rerun',
		workflowId: { __rl: true, mode: 'id', value: workflowId },
		parameters,
	};
}

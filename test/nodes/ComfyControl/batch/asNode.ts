import type { IExecuteFunctions } from 'n8n-workflow';

import * as actions from '../../../../nodes/ComfyControl/actions/router';
import { runNode, type EngineRun } from '../../../support/engine';
import { rerunParameters } from '../../../support/rerun';

// n8n runs no node whose required parameters are missing; this one's are not looked at.
const PARAMETERS = rerunParameters('00000000-0000-4000-8000-000000000000');

/** Runs code in place of the node's own, with what n8n's real engine gives to a node. */
export async function asNode<Result>(
	credentials: EngineRun['credentials'],
	work: (context: IExecuteFunctions) => Promise<Result>,
): Promise<Result> {
	let worked: Promise<Result> | undefined;
	const router = jest.spyOn(actions, 'router').mockImplementation(async function (
		this: IExecuteFunctions,
	) {
		worked = work(this);
		await worked;
		return [];
	});
	try {
		await runNode({ parameters: PARAMETERS, items: [{ json: {} }], credentials });
	} finally {
		router.mockRestore();
	}
	if (worked === undefined) throw new Error('n8n did not run the node');
	return await worked;
}

/** What n8n gives to a node, with that many items at its input. */
export function withItems(context: IExecuteFunctions, count: number): IExecuteFunctions {
	const items = Array.from({ length: count }, () => ({ json: {} }));
	return Object.create(context, { getInputData: { value: () => items } });
}

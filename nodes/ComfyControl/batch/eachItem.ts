import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toFailure, type FailurePolicy, type Outcome } from './outcome';

/** Does something for one item after the other. With the policy `stop` the first failure ends it. */
export async function eachItem(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	work: (itemIndex: number) => Promise<INodeExecutionData[]>,
): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			outcomes.push({ itemIndex, items: await work(itemIndex) });
		} catch (error) {
			outcomes.push(toFailure(context, error, itemIndex));
			if (policy === 'stop') break;
		}
	}
	return outcomes;
}

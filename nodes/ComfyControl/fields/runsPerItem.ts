import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operationError } from '../basics/nodeErrors';
import type { Problem } from '../basics/problem';
import { numberIn } from '../parameters/number';

const MOST_RUNS = 100;

/** How many variations of each item are wanted. */
export const runsPerItemOption: INodeProperties = {
	displayName: 'Runs per Item',
	name: 'runsPerItem',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_RUNS, numberPrecision: 0 },
	default: 1,
	description:
		'How many workflows to start for each item, each paid for on its own. They differ where the workflow has random seeds, such as $random(). With more than 1, the results are numbered in runNumber.',
};

/**
 * How many workflows are to be started for an item.
 *
 * @throws NodeOperationError when it is no number from 1 to 100
 */
export function runsPerItemOf(context: IExecuteFunctions, itemIndex: number): number {
	const runs = numberIn(context.getNodeParameter('options.runsPerItem', itemIndex, 1));
	if (runs !== undefined && Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS) return runs;
	throw operationError(context.getNode(), NO_RUNS, itemIndex);
}

const NO_RUNS: Problem = {
	message: `'Runs per Item' is not a whole number from 1 to ${MOST_RUNS}`,
	description: 'Enter how many workflows to start for each item, such as 4, or remove the option.',
};

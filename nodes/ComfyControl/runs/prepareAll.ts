import type { IExecuteFunctions } from 'n8n-workflow';

import { isFailure, toFailure, type Failure, type FailurePolicy } from './outcome';

export interface Prepared<Plan> {
	itemIndex: number;
	plan: Plan;
}

/**
 * Reads and checks the input of every item before anything is sent.
 *
 * @returns a plan for each item, or why there is none. With the policy `stop` only the failures, if
 * there are any: then nothing is to be sent.
 */
export async function prepareAll<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	prepare: (itemIndex: number) => Promise<Plan>,
): Promise<Array<Prepared<Plan> | Failure>> {
	const prepared: Array<Prepared<Plan> | Failure> = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			prepared.push({ itemIndex, plan: await prepare(itemIndex) });
		} catch (error) {
			prepared.push(toFailure(context, error, itemIndex));
		}
	}
	const failures = prepared.filter(isFailure);
	return policy === 'stop' && failures.length > 0 ? nothingSent(failures) : prepared;
}

// n8n shows the first failure alone, so that one speaks for the others.
function nothingSent(failures: Failure[]): Failure[] {
	const [{ error }, ...others] = failures;
	const also =
		others.length > 0
			? ` Other items can't be sent either: ${others.map(({ itemIndex }) => itemIndex).join(', ')}.`
			: '';
	error.description = `${error.description ?? ''} Nothing was sent for any item.${also}`;
	return failures;
}

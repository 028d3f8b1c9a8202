import type { IExecuteFunctions } from 'n8n-workflow';

import { inParallel } from '../basics/parallel';
import { isFailure, toFailure, type Failure, type FailurePolicy } from './outcome';

// Each may ask about another workflow, or fetch a file.
const PREPARED_AT_ONCE = 10;

export interface Prepared<Plan> {
	itemIndex: number;
	plan: Plan;
}

/** How an item is made ready. */
export interface PrepareSteps<Plan> {
	/** Reads and checks an item's input, on its own. Several items at a time. */
	prepare(itemIndex: number): Promise<Plan>;
	/** Checks what was read against what ComfyControl knows. Comes when all items are read. */
	check?(plan: Plan, itemIndex: number): Promise<void>;
	/** Whether an earlier attempt has started something already. */
	isSecondAttempt?: boolean;
}

/**
 * Reads and checks the input of every item before anything is started.
 *
 * @returns a plan for each item, or why there is none. With the policy `stop` only the failures, if
 * there are any: then nothing is to be started.
 */
export async function prepareAll<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	{ prepare, check, isSecondAttempt = false }: PrepareSteps<Plan>,
): Promise<Array<Prepared<Plan> | Failure>> {
	const attempt = async (
		itemIndex: number,
		plan: () => Promise<Plan>,
	): Promise<Prepared<Plan> | Failure> => {
		try {
			return { itemIndex, plan: await plan() };
		} catch (error) {
			return toFailure(context, error, itemIndex);
		}
	};
	const items = await inParallel(
		[...context.getInputData().keys()],
		PREPARED_AT_ONCE,
		async (itemIndex) => await attempt(itemIndex, async () => await prepare(itemIndex)),
	);
	if (check === undefined) return allOrFailures(items, policy, isSecondAttempt);

	// Also if some can't be sent: somebody who mends these wants to know of all.
	const checked = await inParallel(items, PREPARED_AT_ONCE, async (item) => {
		if (isFailure(item)) return item;
		const { itemIndex, plan } = item;
		return await attempt(itemIndex, async () => await check(plan, itemIndex).then(() => plan));
	});
	return allOrFailures(checked, policy, isSecondAttempt);
}

/** With the policy `stop` only the failures, if there are any, which then say that nothing was sent. */
export function allOrFailures<Ready extends { itemIndex: number }>(
	items: Array<Ready | Failure>,
	policy: FailurePolicy,
	isSecondAttempt: boolean,
): Array<Ready | Failure> {
	const failures = items.filter(isFailure);
	if (policy === 'goOn' || failures.length === 0) return items;
	const sent = isSecondAttempt ? 'nothingMore' : 'nothing';
	return failures.map((failure) => ({ ...failure, sent }));
}

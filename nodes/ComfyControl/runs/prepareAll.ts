import type { IExecuteFunctions } from 'n8n-workflow';

import { listed } from '../parameters/listed';
import { isFailure, toFailure, type Failure, type FailurePolicy } from './outcome';

export interface Prepared<Plan> {
	itemIndex: number;
	plan: Plan;
}

/** How an item is made ready. */
export interface PrepareSteps<Plan> {
	/** Reads and checks an item's input, on its own. */
	prepare(itemIndex: number): Promise<Plan>;
	/** Checks what was read against what ComfyControl knows. Comes when all items are read. */
	check?(plan: Plan, itemIndex: number): Promise<void>;
	/** Whether an earlier try has started something already. */
	isSecondTry?: boolean;
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
	{ prepare, check, isSecondTry = false }: PrepareSteps<Plan>,
): Promise<Array<Prepared<Plan> | Failure>> {
	const attempt = async (itemIndex: number, plan: () => Promise<Plan>) => {
		try {
			return { itemIndex, plan: await plan() };
		} catch (error) {
			return toFailure(context, error, itemIndex);
		}
	};
	const isEnd = (items: Array<Prepared<Plan> | Failure>) =>
		policy === 'stop' && items.some(isFailure);

	const read: Array<Prepared<Plan> | Failure> = [];
	for (const itemIndex of context.getInputData().keys()) {
		read.push(await attempt(itemIndex, async () => await prepare(itemIndex)));
	}
	if (isEnd(read)) return nothingStarted(read, isSecondTry);
	if (check === undefined) return read;

	const checked: Array<Prepared<Plan> | Failure> = [];
	for (const item of read) {
		if (isFailure(item)) checked.push(item);
		else {
			const { itemIndex, plan } = item;
			checked.push(
				await attempt(itemIndex, async () => await check(plan, itemIndex).then(() => plan)),
			);
		}
	}
	return isEnd(checked) ? nothingStarted(checked, isSecondTry) : checked;
}

// n8n shows the first failure alone, so that one speaks for the others.
function nothingStarted(items: Array<{ itemIndex: number }>, isSecondTry: boolean): Failure[] {
	const failures = items.filter(isFailure);
	const [{ error }, ...others] = failures;
	const sentences = [
		error.description,
		`Nothing ${isSecondTry ? 'more ' : ''}was sent${items.length > 1 ? ' for any item' : ''}.`,
	];
	if (others.length > 0) {
		const indexes = listed(others.map(({ itemIndex }) => String(itemIndex)));
		sentences.push(`Other items can't be sent either: ${indexes}.`);
	}
	error.description = sentences.filter(Boolean).join(' ');
	return failures;
}

import type { IExecuteFunctions } from 'n8n-workflow';

import type { ComfyControlWorkflow } from '../api/states';
import type { Ledger } from './startJournal';
import { isFailure, isRun, toFailure, type Failure, type FailurePolicy, type Run } from './outcome';
import { inParallel } from '../basics/parallel';
import { prepareAll, type Prepared, type PrepareSteps } from './prepareAll';

// Uploads overlap, so that one's way to the API does not hold up the next. More would only need more
// memory: what limits many small starts is the API's limit of requests.
const STARTS_AT_ONCE = 4;

/** How an operation starts one workflow. */
export interface StartSteps<Plan> extends PrepareSteps<Plan> {
	/** Starts the item's workflow. */
	submit(plan: Plan, itemIndex: number): Promise<ComfyControlWorkflow>;
	/** Called for each workflow that is accepted, as soon as it is. */
	onStarted(run: Run): void;
}

/**
 * Starts a workflow for each item, in their order, several at a time. Every item is prepared before
 * the first one is sent.
 *
 * With the policy `stop` a bad item means that nothing is sent, and a failed start that nothing more
 * is. With `goOn` the other items are started all the same.
 *
 * @returns what became of the items that it got to, in their order
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function startRuns<Plan>(
	context: IExecuteFunctions,
	policy: FailurePolicy,
	ledger: Ledger,
	{ prepare, check, submit, onStarted }: StartSteps<Plan>,
): Promise<Array<Run | Failure>> {
	const start = async (item: Prepared<Plan | Run> | Failure): Promise<Run | Failure> => {
		if (isFailure(item)) return item;
		const { itemIndex, plan } = item;
		let run: Run | undefined;
		try {
			run = isRun(plan)
				? plan
				: await ledger.startOnce(itemIndex, plan, async () => await submit(plan, itemIndex));
			onStarted(run);
			return run;
		} catch (error) {
			return toFailure(context, error, itemIndex, run?.workflow.id);
		}
	};
	const steps = {
		// What an earlier try has started goes on, whatever its input looks like now.
		prepare: async (itemIndex: number) =>
			ledger.sentBefore(itemIndex) ?? (await prepare(itemIndex)),
		check: async (plan: Plan | Run, itemIndex: number) => {
			if (!isRun(plan)) await check?.(plan, itemIndex);
		},
		isSecondTry: ledger.leftOver([]).length > 0,
	};
	const items = await prepareAll(context, policy, steps);
	const isLast = (result: Run | Failure) => policy === 'stop' && isFailure(result);
	return await inParallel(items, STARTS_AT_ONCE, start, isLast);
}

import type { IExecuteFunctions } from 'n8n-workflow';

import { requestCancel } from '../api/workflows';
import { getOne, WORKFLOWS } from '../api/collections';
import { mayPass } from '../transport/errors';
import { foreignText } from '../transport/foreignText';
import { STOP_WORK_MS } from '../transport/stopping';
import { nowMs, pause } from '../basics/time';
import { progressOf, type ComfyControlWorkflow } from '../api/states';
import { isApiError, isNodeError, type Run } from './outcome';
import { inParallel } from '../basics/parallel';

const CANCELS_AT_ONCE = 4;
const PAUSE_MS = 2_000;

/**
 * Cancels on ComfyControl what is not finished when the n8n execution is stopped. What was and was not
 * cancelled is in n8n's log.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/cancel
 */
export class CancelOnStop {
	readonly #runs = new Map<string, Run>();

	readonly #cancellations: Array<Promise<void>> = [];

	readonly #onStop = () => this.#cancelAll();

	constructor(private readonly context: IExecuteFunctions) {
		const signal = context.getExecutionCancelSignal();
		signal?.addEventListener('abort', this.#onStop, { once: true });
	}

	/** Cancels this run too, if the execution is stopped before the run is done. */
	add(run: Run): void {
		this.#runs.set(run.workflow.id, run);
		if (this.context.getExecutionCancelSignal()?.aborted) this.#cancelAll();
	}

	/** Leaves this run alone from now on: nothing more is to be seen of it. */
	done(run: Run): void {
		this.#runs.delete(run.workflow.id);
	}

	/**
	 * Ends it: a stop from now on is none of its business. Waits until everything that is to be cancelled
	 * was, or was given up. The node must not end before: n8n can't sign in requests of an execution that
	 * has ended.
	 */
	async end(): Promise<void> {
		this.context.getExecutionCancelSignal()?.removeEventListener('abort', this.#onStop);
		await Promise.all(this.#cancellations);
	}

	#cancelAll(): void {
		const runs = [...this.#runs.values()];
		this.#runs.clear();
		this.#cancellations.push(this.#cancelRuns(runs));
	}

	async #cancelRuns(runs: Run[]): Promise<void> {
		await inParallel(runs, CANCELS_AT_ONCE, async (run) => {
			const { logger } = this.context;
			const { id } = run.workflow;
			try {
				// It can be cancelled once it is queued. One that takes longer to get there is left alone.
				const what = await this.#cancel(run, nowMs() + STOP_WORK_MS);
				logger.info(`ComfyControl workflow ${id} after the stop of its execution: ${what}`);
			} catch (error) {
				const why = isNodeError(error) ? foreignText(error.message) : 'the request failed';
				logger.warn(`ComfyControl workflow ${id} could not be cancelled: ${why}`);
			}
		});
	}

	async #cancel({ itemIndex, workflow: { id } }: Run, untilMs: number): Promise<string> {
		for (;;) {
			const more = { itemIndex, ifStopped: 'goOn' as const };
			const isCancelled = await requestCancel(this.context, id, more).then(
				() => true,
				(error: unknown) => falseIfWorthAnotherTry(error),
			);
			if (isCancelled) return 'cancelled';

			const workflow = await getOne(this.context, WORKFLOWS, id, more);
			if (progressOf(workflow) !== 'pending') return `it is ${statusOf(workflow)}`;
			if (nowMs() > untilMs) return `left alone, it was still ${statusOf(workflow)}`;
			await pause(PAUSE_MS, undefined);
		}
	}
}

function statusOf({ status }: ComfyControlWorkflow): string {
	return foreignText(String(status), { max: 40 });
}

// 400: finished already, or not queued yet. A cancellation may be sent twice, so that after a lost answer
// or a 5xx, such as for a runner that can't be reached, it is.
function falseIfWorthAnotherTry(error: unknown): boolean {
	if (isApiError(error) && (error.httpCode === '400' || mayPass(error))) return false;
	throw error;
}

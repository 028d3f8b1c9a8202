import type { IExecuteFunctions } from 'n8n-workflow';

import { apiRequest } from '../transport/request';
import { STOP_WORK_MS } from '../transport/stopping';
import { nowMs, pause } from '../transport/time';
import { getOne, isAnything, pathOf, WORKFLOWS } from '../transport/collections';
import { progressOf } from '../transport/workflow';
import { isNodeError, type Run } from './outcome';
import { inParallel } from './parallel';

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

	constructor(private readonly context: IExecuteFunctions) {
		const cancelAll = () => this.#cancelAll();
		context.getExecutionCancelSignal()?.addEventListener('abort', cancelAll, { once: true });
	}

	/** Cancels this run too, if the execution is stopped before the run is done. */
	add(run: Run): void {
		this.#runs.set(run.workflow.id, run);
		if (this.context.getExecutionCancelSignal()?.aborted) this.#cancelAll();
	}

	done(run: Run): void {
		this.#runs.delete(run.workflow.id);
	}

	/**
	 * Waits until everything that is to be cancelled was, or was given up. The node must not end before:
	 * n8n can't sign in requests of an execution that has ended.
	 */
	async settled(): Promise<void> {
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
				const why = isNodeError(error) ? error.message : 'the request failed';
				logger.warn(`ComfyControl workflow ${id} could not be cancelled: ${why}`);
			}
		});
	}

	async #cancel({ itemIndex, workflow: { id } }: Run, untilMs: number): Promise<string> {
		for (;;) {
			const isCancelled = await apiRequest(this.context, {
				method: 'POST',
				path: `${pathOf(WORKFLOWS, id)}/cancel`,
				subject: { noun: 'workflow', id },
				itemIndex,
				ifStopped: 'goOn',
				isExpected: isAnything,
			}).then(
				() => true,
				(error: unknown) => falseIfRefused(error),
			);
			if (isCancelled) return 'cancelled';

			const workflow = await getOne(this.context, WORKFLOWS, id, {
				itemIndex,
				ifStopped: 'goOn',
			});
			if (progressOf(workflow) !== 'pending') return `it was ${String(workflow.status)} already`;
			if (nowMs() > untilMs) return `left alone, it was still ${String(workflow.status)}`;
			await pause(PAUSE_MS, undefined);
		}
	}
}

// 400: finished already, or not queued yet.
function falseIfRefused(error: unknown): boolean {
	if (isNodeError(error) && 'httpCode' in error && error.httpCode === '400') return false;
	throw error;
}

import type { IExecuteFunctions } from 'n8n-workflow';

import { cancelWorkflow, getWorkflow } from '../api/workflows';
import { mayPass } from '../transport/errors';
import { foreignText } from '../basics/foreignText';
import { STOP_WORK_MS } from '../transport/ending';
import { nowMs, pause } from '../basics/time';
import { progressOf, type ComfyControlWorkflow } from '../api/states';
import { isApiError, isNodeError } from '../basics/nodeErrors';
import type { Job } from './outcome';
import { log, logList } from '../basics/notes';
import { inParallel } from '../basics/parallel';

const CANCELS_AT_ONCE = 4;
const PAUSE_MS = 2_000;

/**
 * Cancels on ComfyControl what is not finished when the n8n execution is stopped. What was and was not
 * cancelled is in n8n's log.
 */
export class CancelOnStop {
	readonly #jobs = new Map<string, Job>();

	readonly #cancellations: Array<Promise<void>> = [];

	readonly #onStop = () => this.#cancelAll();

	constructor(private readonly context: IExecuteFunctions) {
		const signal = context.getExecutionCancelSignal();
		signal?.addEventListener('abort', this.#onStop, { once: true });
	}

	/** Cancels this job too, if the execution is stopped before the job is done. */
	add(job: Job): void {
		this.#jobs.set(job.workflow.id, job);
		if (this.context.getExecutionCancelSignal()?.aborted) this.#cancelAll();
	}

	/** Leaves this job alone from now on: nothing more is to be seen of it. */
	done(job: Job): void {
		this.#jobs.delete(job.workflow.id);
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
		const jobs = [...this.#jobs.values()];
		this.#jobs.clear();
		this.#cancellations.push(this.#cancelJobs(jobs));
	}

	async #cancelJobs(jobs: Job[]): Promise<void> {
		const ends: Record<string, string[]> = {};
		await inParallel(jobs, CANCELS_AT_ONCE, async (job) => {
			const { id } = job.workflow;
			try {
				// It can be cancelled once it is queued. One that takes longer to get there is left alone.
				const what = await this.#cancel(job, nowMs() + STOP_WORK_MS);
				(ends[what] ??= []).push(id);
			} catch (error) {
				const why = isNodeError(error) ? foreignText(error.message) : 'the request failed';
				log(this.context, 'warn', `workflow ${id} could not be cancelled: ${why}`);
			}
		});
		for (const [what, ids] of Object.entries(ends)) {
			logList(this.context, 'info', `after the stop of the execution, ${what}`, ids);
		}
	}

	async #cancel({ itemIndex, workflow: { id } }: Job, untilMs: number): Promise<string> {
		for (;;) {
			const more = { itemIndex, ifStopped: 'goOn' as const };
			const isCancelled = await cancelWorkflow(this.context, { id }, more).then(
				() => true,
				(error: unknown) => falseIfWorthAnotherTry(error),
			);
			if (isCancelled) return 'cancelled';

			const workflow = await getWorkflow(this.context, { id }, more);
			if (progressOf(workflow) !== 'pending') return `ended as ${statusOf(workflow)}`;
			if (nowMs() > untilMs) return `left alone as still ${statusOf(workflow)}`;
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

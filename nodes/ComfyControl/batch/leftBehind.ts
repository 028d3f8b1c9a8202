import type { IExecuteFunctions } from 'n8n-workflow';

import { logLines } from '../basics/notes';
import { mayHaveStarted, sentAtOf } from '../transport/errors';
import type { Job } from './outcome';

/**
 * Notes in n8n's log what an execution leaves behind at ComfyControl when it is stopped, as it then hands
 * over nothing.
 */
export class LeftBehind {
	readonly #jobs: Job[] = [];

	readonly #uncertain: string[] = [];

	constructor(private readonly context: IExecuteFunctions) {}

	/** A workflow that the execution has started or waits for, and that a stop does not cancel. */
	add(job: Job): void {
		this.#jobs.push(job);
	}

	/** An item's start that failed, if ComfyControl may have started it all the same. */
	addIfUncertain(error: unknown, itemIndex: number): void {
		if (!(error instanceof Error) || !mayHaveStarted(error)) return;
		const sentAt = sentAtOf(error)?.toISOString() ?? 'an unknown time';
		this.#uncertain.push(`item ${itemIndex}, sent at ${sentAt}`);
	}

	/** Called at the end, when nothing comes any more. */
	logIfStopped(): void {
		const { context } = this;
		if (!context.getExecutionCancelSignal()?.aborted) return;
		logLines(
			context,
			'ComfyControl: these workflows were not stopped with their execution, and their results can be fetched by ID',
			this.#jobs.map(({ workflow: { id }, itemIndex }) => `${id} (item ${itemIndex})`),
		);
		for (const start of this.#uncertain) {
			context.logger.warn(
				`ComfyControl: the start of ${start}, was under way when the execution was stopped. Its workflow may have been started: look in ComfyControl`,
			);
		}
	}
}

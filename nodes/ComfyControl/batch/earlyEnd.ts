import { isFailure, type FailurePolicy, type Outcome } from './outcome';

/** Ends a batch early where the policy is `stop`: the first failure, of whatever, does. */
export class EarlyEnd {
	readonly #controller = new AbortController();

	constructor(private readonly policy: FailurePolicy) {}

	/** Aborts when nothing more is to be started or waited for. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Something has failed. To be told before anything makes room for what would start next. */
	failed(): void {
		if (this.policy === 'stop') this.#controller.abort();
	}

	/** Notes what became of an item, and hands it on. */
	after(outcome: Outcome): Outcome {
		if (isFailure(outcome)) this.failed();
		return outcome;
	}
}

/** Requests that ComfyControl takes in any window, from one IP address. */
export const MAX_REQUESTS = 40;

/** With fewer a batch would hardly move, and nobody who shares the address needs that much room. */
const FEWEST_REQUESTS = 5;

/** How long nothing must be refused before more of the limit is tried again. */
const RECOVERY_MS = 60_000;

/** How many times longer than asked the silence may get, so that processes don't come back together. */
const LONGEST_STRETCH = 4;

/**
 * How much of an address's limit this process takes: all of it until a refusal shows that others at the
 * same address take some too, then half, and more again after a while. From the second refusal in a row
 * on the silence is stretched at random: if a refused request begins the cooldown anew, processes that
 * come back together would keep each other out for ever.
 *
 * @see https://docs.comfycontrol.app/api/authentication
 */
export class LimitShare {
	#requests = MAX_REQUESTS;

	#moreFromMs = 0;

	#refusalsInARow = 0;

	#quietUntilMs = 0;

	/** @param random a number from 0 to 1, another one each time */
	constructor(private readonly random: () => number = () => Math.random()) {}

	/** How many requests may count at once. */
	get requests(): number {
		return this.#requests;
	}

	/** Until when nothing is to be sent, in milliseconds since 1970. */
	get quietUntilMs(): number {
		return this.#quietUntilMs;
	}

	/** A request was answered, whatever the answer is. */
	answered(): void {
		this.#refusalsInARow = 0;
	}

	/**
	 * A request was refused.
	 *
	 * @param cooldownMs how long the API wants no requests
	 */
	refused(nowMs: number, cooldownMs: number): void {
		// What was under way when the cooldown began is refused with it, and says nothing new.
		if (nowMs >= this.#quietUntilMs) {
			this.#requests = Math.max(FEWEST_REQUESTS, Math.floor(this.#requests / 2));
			this.#moreFromMs = nowMs + RECOVERY_MS;
			this.#refusalsInARow++;
		}
		const stretch =
			this.#refusalsInARow <= 1
				? 1
				: 1 + this.random() * Math.min(this.#refusalsInARow - 1, LONGEST_STRETCH);
		this.#quietUntilMs = Math.max(this.#quietUntilMs, nowMs + cooldownMs * stretch);
	}

	/** The limit holds a request back: time to take more of it again, if nothing was refused for a while. */
	heldBack(nowMs: number): void {
		if (this.#requests === MAX_REQUESTS || nowMs < this.#moreFromMs) return;
		this.#requests = Math.min(MAX_REQUESTS, this.#requests * 2);
		this.#moreFromMs = nowMs + RECOVERY_MS;
	}
}

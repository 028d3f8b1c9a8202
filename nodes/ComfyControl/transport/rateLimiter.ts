import { nowMs, orAborted, pause } from '../basics/time';

/** Requests that ComfyControl takes in any window, from one IP address. */
export const MAX_REQUESTS = 40;

/** @see https://docs.comfycontrol.app/api/authentication */
export const WINDOW_MS = 10_000;

/** A request's place in the queue. */
interface Turn {
	/** Called when the places before it are gone. */
	onFirst?(): void;
}

const limiters = new Map<string, RateLimiter>();

/** The rate limiter for an API address, one for all executions of this n8n process. */
export function rateLimiterFor(baseUrl: string): RateLimiter {
	const { host } = new URL(baseUrl);
	const limiter = limiters.get(host) ?? new RateLimiter();
	limiters.set(host, limiter);
	return limiter;
}

/**
 * Lets requests go in the order in which they came, never more than 40 in any 10 seconds and none
 * in the cooldown after a refusal.
 *
 * A request counts until 10 seconds after its answer, not after it was sent: the API counts it when
 * it arrives, which may be any time in between.
 */
export class RateLimiter {
	readonly #queue: Turn[] = [];

	readonly #endedAtMs: number[] = [];

	#underWay = 0;

	#quietUntilMs = 0;

	/**
	 * Waits for its turn and sends.
	 *
	 * @param refusedBefore whether the API refused it already: then it goes before those that wait
	 * @returns undefined, with nothing sent, when the signal aborts before its turn
	 */
	async send<Answer>(
		request: () => Promise<Answer>,
		signal: AbortSignal | undefined,
		refusedBefore: boolean,
	): Promise<Answer | undefined> {
		if (!(await this.#turnCame(signal, refusedBefore))) return undefined;
		try {
			return await request();
		} finally {
			this.#underWay--;
			this.#endedAtMs.push(nowMs());
		}
	}

	/** Sends nothing more for that long, because the API refused a request. */
	keepQuiet(durationMs: number): void {
		this.#quietUntilMs = Math.max(this.#quietUntilMs, nowMs() + durationMs);
	}

	async #turnCame(signal: AbortSignal | undefined, refusedBefore: boolean): Promise<boolean> {
		const turn: Turn = {};
		if (refusedBefore) this.#queue.unshift(turn);
		else this.#queue.push(turn);
		try {
			while (!signal?.aborted) {
				if (this.#queue[0] !== turn) {
					await orAborted(new Promise<void>((resolve) => (turn.onFirst = resolve)), signal);
					continue;
				}
				const waitMs = this.#waitMs();
				if (waitMs <= 0) {
					this.#underWay++;
					return true;
				}
				await pause(waitMs, signal);
			}
			return false;
		} finally {
			this.#queue.splice(this.#queue.indexOf(turn), 1);
			this.#queue[0]?.onFirst?.();
		}
	}

	#waitMs(): number {
		const now = nowMs();
		while (this.#endedAtMs.length > 0 && this.#endedAtMs[0] <= now - WINDOW_MS) {
			this.#endedAtMs.shift();
		}
		if (now < this.#quietUntilMs) return this.#quietUntilMs - now;
		if (this.#underWay + this.#endedAtMs.length < MAX_REQUESTS) return 0;
		// While every place is taken by a request under way, none can get free before a window is over.
		return (this.#endedAtMs[0] ?? now) + WINDOW_MS - now;
	}
}

import { nowMs, orAborted, pause } from '../basics/time';

/** @see https://docs.comfycontrol.app/api/authentication */
export const WINDOW_MS = 10_000;

// So long a look gives way to whatever comes after it: a start that waits costs more than news that do.
const LOOKS_WAIT_MS = 2_000;

/** What a request is in the queue: refused before, a look whether something has ended, or any other. */
export type Rank = 'refusedBefore' | 'usual' | 'look';

/** A request's place in the queue. */
interface Turn {
	/** It goes before those of a later time. */
	dueMs: number;
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
 * in the cooldown after a refusal. Looks give way to others for a while.
 *
 * A request counts until 10 seconds after its answer, not after it was sent: the API counts it when
 * it arrives, which may be any time in between.
 */
export class RateLimiter {
	readonly #queue: Turn[] = [];

	readonly #endedAtMs: number[] = [];

	#underWay = 0;

	#refusedAtMs = -Infinity;

	readonly #share: LimitShare;

	/** @param share how much of the address's limit this process takes */
	constructor(share = new LimitShare()) {
		this.#share = share;
	}

	/** Whether others at the same address seem to use its limit too. */
	get isShared(): boolean {
		return this.#share.requests < MAX_REQUESTS;
	}

	/**
	 * Waits for its turn and sends.
	 *
	 * @returns undefined, with nothing sent, when the signal aborts before its turn
	 */
	async send<Answer>(
		request: () => Promise<Answer>,
		signal: AbortSignal | undefined,
		rank: Rank = 'usual',
	): Promise<Answer | undefined> {
		if (!(await this.#turnCame(signal, rank))) return undefined;
		try {
			return await request();
		} finally {
			this.#underWay--;
			this.#endedAtMs.push(nowMs());
		}
	}

	/** Notes that the API processed a request, whatever it answered. */
	answered(): void {
		this.#share.answered();
	}

	/** Whether the API has refused a request since then, in milliseconds since 1970. */
	hasRefusedSince(sinceMs: number): boolean {
		return this.#refusedAtMs >= sinceMs;
	}

	/** Sends nothing more for that long, because the API refused a request. */
	refused(cooldownMs: number): void {
		this.#refusedAtMs = nowMs();
		this.#share.refused(nowMs(), cooldownMs);
	}

	async #turnCame(signal: AbortSignal | undefined, rank: Rank): Promise<boolean> {
		const turn = this.#enqueue(rank);
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

	#enqueue(rank: Rank): Turn {
		const dueMs =
			rank === 'refusedBefore' ? -Infinity : nowMs() + (rank === 'look' ? LOOKS_WAIT_MS : 0);
		const turn: Turn = { dueMs };
		const later = this.#queue.findIndex((other) => other.dueMs > dueMs);
		this.#queue.splice(later < 0 ? this.#queue.length : later, 0, turn);
		return turn;
	}

	#waitMs(): number {
		const now = nowMs();
		while (this.#endedAtMs.length > 0 && this.#endedAtMs[0] <= now - WINDOW_MS) {
			this.#endedAtMs.shift();
		}
		const { quietUntilMs } = this.#share;
		if (now < quietUntilMs) return quietUntilMs - now;
		const counting = this.#underWay + this.#endedAtMs.length;
		if (counting >= this.#share.requests) this.#share.heldBack(now);
		if (counting < this.#share.requests) return 0;
		// While every place is taken by a request under way, none can get free before a window is over.
		return (this.#endedAtMs[0] ?? now) + WINDOW_MS - now;
	}
}

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

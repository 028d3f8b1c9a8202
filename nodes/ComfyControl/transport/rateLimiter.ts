import { LimitShare, MAX_REQUESTS } from './limitShare';
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
		const isFirst = rank === 'refusedBefore';
		const later = this.#queue.findIndex((other) => isFirst || other.dueMs > dueMs);
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

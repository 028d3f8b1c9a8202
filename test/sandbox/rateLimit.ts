/** So many requests in a window; one more starts a cooldown in which nothing is processed. */
export interface RateLimit {
	requests: number;
	windowMs: number;
	cooldownMs: number;
}

/** Counts the requests of one client. The real limit is per IP address; here everybody has the same. */
export class RateLimiter {
	private arrivals: number[] = [];

	private cooldownEndsAt = -Infinity;

	constructor(
		private readonly limit: RateLimit | false,
		private readonly now: () => number,
	) {}

	/** Counts a request on its arrival and says whether it may be processed. */
	admit(): boolean {
		if (!this.limit) return true;
		const now = this.now();
		if (now < this.cooldownEndsAt) return false;

		const windowStart = now - this.limit.windowMs;
		this.arrivals = this.arrivals.filter((arrival) => arrival > windowStart);
		if (this.arrivals.length < this.limit.requests) {
			this.arrivals.push(now);
			return true;
		}
		this.arrivals = [];
		this.cooldownEndsAt = now + this.limit.cooldownMs;
		return false;
	}

	/** Whole seconds until requests are processed again. */
	secondsLeft(): number {
		return Math.max(0, Math.ceil((this.cooldownEndsAt - this.now()) / 1000));
	}

	reset(): void {
		this.arrivals = [];
		this.cooldownEndsAt = -Infinity;
	}
}

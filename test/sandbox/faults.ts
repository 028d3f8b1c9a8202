/** Something that goes wrong on demand. */
export interface Fault {
	/** The requests it hits; what is left out matches any. `path` is without the query. */
	on: { method?: string; path?: RegExp; host?: Host };
	/**
	 * Before processing, so that nothing is started: `early` answers JSON with `status` before the body
	 * is read, `resetBefore` closes the connection, `hang`
	 * never answers, `http` answers JSON and `html` a page with `status`. After processing:
	 * `resetAfter` closes the connection unanswered, `slowBody` dribbles the answer over a second, `drip`
	 * sends a byte of it every five seconds,
	 * `truncatedBody` closes in the middle of it, `invalidJson` and `emptyBody` replace it.
	 */
	kind:
		| 'resetBefore'
		| 'resetAfter'
		| 'hang'
		| 'slowBody'
		| 'drip'
		| 'early'
		| 'http'
		| 'html'
		| 'truncatedBody'
		| 'invalidJson'
		| 'emptyBody';
	status?: number;
	/** The answer of `http` (any JSON) or `html` (a string). */
	body?: unknown;
	headers?: Record<string, string>;
	/** How many matching requests it hits. Default 1. */
	times?: number;
	/** How many matching requests it lets pass first. Default 0. */
	after?: number;
}

export type Host = 'api' | 'storage';

/** Faults that wait for their request. */
export class Faults {
	private waiting: Array<{ fault: Fault; left: number; toPass: number }> = [];

	add(fault: Fault): void {
		this.waiting.push({ fault, left: fault.times ?? 1, toPass: fault.after ?? 0 });
	}

	/** The oldest fault for this request, which is then used up by one. */
	take(host: Host, method: string, path: string): Fault | undefined {
		const match = this.waiting.find(({ fault: { on } }) => {
			if (on.host !== undefined && on.host !== host) return false;
			if (on.method !== undefined && on.method.toUpperCase() !== method) return false;
			return on.path === undefined || path.search(on.path) >= 0;
		});
		if (!match) return undefined;
		if (match.toPass > 0) {
			match.toPass--;
			return undefined;
		}
		match.left--;
		if (match.left <= 0) this.waiting = this.waiting.filter((other) => other !== match);
		return match.fault;
	}

	clear(): void {
		this.waiting = [];
	}
}

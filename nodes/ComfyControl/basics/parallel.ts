/**
 * Works on the entries in their order, several at a time, and gives back the results in that order.
 *
 * It begins no further entry once an error is thrown. What is under way is awaited in any case.
 */
export async function inParallel<Entry, Result>(
	entries: Entry[],
	atOnce: number,
	work: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	let next = 0;
	const worker = async () => {
		while (next < entries.length) {
			const index = next++;
			let isDone = false;
			try {
				results[index] = await work(entries[index]);
				isDone = true;
			} finally {
				if (!isDone) next = entries.length;
			}
		}
	};
	const workers = Math.min(atOnce, entries.length);
	await allEnded(Array.from({ length: workers }, worker));
	return results;
}

/**
 * Waits until all have ended, whatever becomes of them.
 *
 * @throws what the first of them has thrown, once the others have ended too
 */
export async function allEnded<Result>(promises: Array<Promise<Result>>): Promise<Result[]> {
	await Promise.allSettled(promises);
	return await Promise.all(promises);
}

/** Lets work begin in the order in which it came, no more than so much of it at once. */
export class Semaphore {
	#free: number;

	readonly #waiting: Array<{ weight: number; begin(): void }> = [];

	/** @param capacity how much may be under way at once, in what the work's weight counts */
	constructor(private readonly capacity: number) {
		this.#free = capacity;
	}

	/** @param weight how much of the capacity the work takes; what is heavier than all of it goes alone */
	async pass<Result>(work: () => Promise<Result>, weight = 1): Promise<Result> {
		const taken = Math.min(weight, this.capacity);
		if (this.#waiting.length === 0 && taken <= this.#free) this.#free -= taken;
		else {
			await new Promise<void>((begin) => this.#waiting.push({ weight: taken, begin }));
		}
		try {
			return await work();
		} finally {
			this.#free += taken;
			this.#beginWaiting();
		}
	}

	#beginWaiting(): void {
		while (this.#waiting.length > 0 && this.#waiting[0].weight <= this.#free) {
			const [next] = this.#waiting.splice(0, 1);
			this.#free -= next.weight;
			next.begin();
		}
	}
}

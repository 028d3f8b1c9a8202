/**
 * Works on the entries in their order, several at a time, and gives back the results in that order.
 *
 * It begins no further entry once `isLast` says so of a result, or once an error is thrown. What is
 * under way is awaited in any case.
 *
 * @returns the results of the entries that were begun
 */
export async function inParallel<Entry, Result>(
	entries: Entry[],
	atOnce: number,
	work: (entry: Entry) => Promise<Result>,
	isLast: (result: Result) => boolean = () => false,
): Promise<Result[]> {
	const results: Result[] = [];
	let next = 0;
	const worker = async () => {
		while (next < entries.length) {
			const index = next++;
			try {
				results[index] = await work(entries[index]);
				if (isLast(results[index])) next = entries.length;
			} catch (error) {
				next = entries.length;
				return { error };
			}
		}
		return undefined;
	};
	const workers = await Promise.all(Array.from({ length: atOnce }, worker));
	for (const failure of workers) if (failure) throw failure.error;
	return results;
}

/** Lets work begin in the order in which it came, no more than so much of it at once. */
export class Semaphore {
	#free: number;

	readonly #waiting: Array<() => void> = [];

	constructor(atOnce: number) {
		this.#free = atOnce;
	}

	async pass<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.#free > 0) this.#free--;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free++;
		}
	}
}

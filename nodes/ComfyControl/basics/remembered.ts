/**
 * What was learned from ComfyControl and never changes there, kept in the process: the newest entries,
 * as many as fit.
 */
export class Remembered<Value> {
	readonly #entries = new Map<string, { value: Value; weight: number }>();

	#weight = 0;

	/**
	 * @param most how much may be kept, in whatever unit `weightOf` gives
	 * @param weightOf how much of it a value takes
	 */
	constructor(
		private readonly most: number,
		private readonly weightOf: (value: Value) => number,
	) {}

	/** How much is kept. */
	get weight(): number {
		return this.#weight;
	}

	get(key: string): Value | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		// The one that was asked for last goes last.
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		return entry.value;
	}

	/** Keeps a value in place of what had its key, and drops what was not asked for the longest. */
	set(key: string, value: Value): void {
		this.#drop(key);
		const weight = this.weightOf(value);
		if (weight > this.most) return;
		this.#entries.set(key, { value, weight });
		this.#weight += weight;
		for (const oldest of this.#entries.keys()) {
			if (this.#weight <= this.most) break;
			this.#drop(oldest);
		}
	}

	/** Forgets everything. */
	clear(): void {
		this.#entries.clear();
		this.#weight = 0;
	}

	#drop(key: string): void {
		this.#weight -= this.#entries.get(key)?.weight ?? 0;
		this.#entries.delete(key);
	}
}

/**
 * Reads each thing once, however often and by how many items it is asked for.
 *
 * @returns what was read, or the same failure again
 */
export function readOnce<Value>(
	read: (id: string, itemIndex: number) => Promise<Value>,
): (id: string, itemIndex: number) => Promise<Value> {
	const known = new Map<string, Promise<Value>>();
	return async (id, itemIndex) => {
		const value = known.get(id) ?? read(id, itemIndex);
		known.set(id, value);
		return await value;
	};
}

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

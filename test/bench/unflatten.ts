/**
 * Reads n8n's storage format of executions (that of the package `flatted`): a list of values in which
 * each string inside an object or array is the position of what belongs there.
 */
export function unflatten(text: string): unknown {
	const entries: unknown = JSON.parse(text);
	if (!Array.isArray(entries)) throw new Error('That is no list of values');
	const made = new Map<number, unknown>();
	const valueAt = (position: number): unknown => {
		const entry: unknown = entries[position];
		if (typeof entry !== 'object' || entry === null) return entry;
		if (made.has(position)) return made.get(position);
		return Array.isArray(entry) ? listAt(position, entry) : objectAt(position, entry);
	};
	const referred = (value: unknown) => (typeof value === 'string' ? valueAt(Number(value)) : value);
	// Known before its members are: they may lead back to it.
	const listAt = (position: number, entry: unknown[]) => {
		const list: unknown[] = [];
		made.set(position, list);
		for (const member of entry) list.push(referred(member));
		return list;
	};
	const objectAt = (position: number, entry: object) => {
		const object: Record<string, unknown> = {};
		made.set(position, object);
		for (const [key, member] of Object.entries(entry)) object[key] = referred(member);
		return object;
	};
	return valueAt(0);
}

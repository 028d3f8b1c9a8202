/** Whether a value read from elsewhere is an object with named members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member that a path of names and positions leads to, or undefined where the path ends early. */
export function at(value: unknown, ...steps: Array<string | number>): unknown {
	let current = value;
	for (const step of steps) {
		if (Array.isArray(current) && typeof step === 'number') current = current[step];
		else if (isRecord(current)) current = current[step];
		else return undefined;
	}
	return current;
}

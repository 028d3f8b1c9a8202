/**
 * Finds a number in an object that isn't what was written: whole numbers beyond 2^53 have lost digits
 * when n8n parsed them, and what is no finite number would be sent as null.
 */
export function lostNumber(definition: unknown): number | undefined {
	const stack = [definition];
	while (stack.length > 0) {
		const value = stack.pop();
		if (typeof value === 'number' && isLost(value)) return value;
		if (typeof value === 'object' && value !== null) {
			for (const child of Object.values(value)) stack.push(child);
		}
	}
	return undefined;
}

function isLost(value: number): boolean {
	return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

/**
 * A value as n8n's panel shows it: that is its JSON. In a whole run a node may get live dates and
 * numbers that JSON doesn't know, where *Execute step* gives their text.
 */
export function shownValue(value: unknown): unknown {
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null) return value;
	// Dates of JavaScript, Luxon and others alike, and from other realms, where `instanceof` fails.
	return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** What a value is called when it is none that could be sent, such as `NaN`. */
export function nameOfNoValue(value: unknown): string | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
	if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
	const isLive = typeof value === 'object' && value !== null;
	return isLive && (shownValue(value) ?? undefined) === undefined ? 'no valid date' : undefined;
}

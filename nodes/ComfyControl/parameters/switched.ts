const ON = new Set(['true', '1', 'yes', 'on']);
const OFF = new Set(['false', '0', 'no', 'off', '']);

/** Whether a switch is on: an expression may give a text or a number for it, such as a sheet's "TRUE". */
export function switched(value: unknown, fallback: boolean): boolean {
	if (typeof value === 'boolean') return value;
	if (typeof value !== 'string' && typeof value !== 'number') return fallback;
	const text = String(value).trim().toLowerCase();
	if (ON.has(text)) return true;
	return OFF.has(text) ? false : fallback;
}

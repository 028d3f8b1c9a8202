/**
 * The number that was entered, also as a text, as a sheet may give it. Undefined for anything else: an
 * empty cell is no zero, and a switch no one.
 */
export function numberIn(entered: unknown): number | undefined {
	const number = typeof entered === 'string' && entered.trim() !== '' ? Number(entered) : entered;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

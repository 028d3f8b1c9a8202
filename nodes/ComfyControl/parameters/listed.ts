const MOST = 20;

/** A list for a sentence, of which a long one is cut. */
export function listed(entries: string[]): string {
	const more = entries.length - MOST;
	const shown = entries.slice(0, MOST).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
}

const MOST = 20;

/** A list for a sentence, of which a long one is cut. */
export function listed(entries: string[], most = MOST): string {
	const more = entries.length - most;
	const shown = entries.slice(0, most).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
}

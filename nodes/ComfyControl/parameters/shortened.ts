const LONGEST = 80;

/** The beginning of a text that somebody entered, as much as an error can show. */
export function shortened(text: string): string {
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

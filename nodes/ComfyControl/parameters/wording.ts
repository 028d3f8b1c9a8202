import { foreignText } from '../basics/foreignText';

const LONGEST_SHOWN = 80;
const MOST_LISTED = 20;
const LONGEST_COMPARED = 100;

/** The beginning of a text that somebody entered, as much as an error or a label can show. */
export function shortened(text: string): string {
	return foreignText(text, { max: LONGEST_SHOWN + 1 });
}

/** A list for a sentence, of which a long one is cut. */
export function listed(entries: string[], most = MOST_LISTED): string {
	const more = entries.length - most;
	const shown = entries.slice(0, most).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The candidate that was probably meant by something misspelt, or undefined if none is near. */
export function closest(misspelt: string, candidates: string[]): string | undefined {
	const wanted = simplified(misspelt);
	let nearest: { candidate: string; distance: number } | undefined;
	for (const candidate of candidates) {
		const distance = editDistance(wanted, simplified(candidate));
		if (nearest === undefined || distance < nearest.distance) nearest = { candidate, distance };
	}
	const bound = Math.max(1, Math.floor(wanted.length / 3));
	return nearest !== undefined && nearest.distance <= bound ? nearest.candidate : undefined;
}

// People get case and word separators wrong most often.
function simplified(text: string): string {
	return text
		.slice(0, LONGEST_COMPARED)
		.toLowerCase()
		.replace(/[\s_-]/g, '');
}

/** How many letters have to be put in, left out or replaced to make one of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
	let above = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const replaced = above[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
			current.push(Math.min(replaced, above[column] + 1, current[column - 1] + 1));
		}
		above = current;
	}
	return above[b.length];
}

import { foreignText } from '../basics/foreignText';

const LONGEST = 80;

/** The beginning of a text that somebody entered, as much as an error or a label can show. */
export function shortened(text: string): string {
	return foreignText(text, { max: LONGEST + 1 });
}

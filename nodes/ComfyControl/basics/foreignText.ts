import { withoutSecrets } from './secrets';

const USUAL_LENGTH = 500;

// Nobody reads more, and looking through more takes time.
const LOOKED_AT = 100_000;

const ESCAPE = String.fromCharCode(27);
// Colours and the like of a terminal, as in the tracebacks of Python.
const ESCAPE_SEQUENCE = new RegExp(`[${ESCAPE}\\u009b]\\[?[0-9;?]*[A-Za-z]?`, 'g');
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/gu;
// What turns the direction of the text that follows, or is not seen at all. Joiners stay: emoji need them.
const MARKS = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A text from outside as an error, a log line or a label may quote it: on one line, without secrets,
 * escape sequences and direction marks, and no longer than somebody reads. Texts of the API, of links
 * and of what the user entered go through here.
 */
export function foreignText(
	text: string,
	{ max = USUAL_LENGTH, secrets = [] }: { max?: number; secrets?: string[] } = {},
): string {
	const looked = text.slice(0, LOOKED_AT).replace(ESCAPE_SEQUENCE, '');
	const clean = withoutMarks(looked.replace(CONTROL_CHARACTERS, ' '));
	// Before it is cut, as part of a secret would not be recognised.
	const masked = withoutSecrets(clean, secrets);
	if (masked.length <= max) return masked;
	// Not between the halves of a character.
	return `${masked.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A text without marks that turn the direction of what follows, or that nobody sees. */
export function withoutMarks(text: string): string {
	return text.replace(MARKS, '');
}

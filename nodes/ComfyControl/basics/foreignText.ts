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

const SHORTEST_KEPT = 8;
const MOST_KEPT = 50;
const kept = new Set<string>();

/**
 * Keeps a token in mind, so that it is masked in texts that come without their request, such as what a
 * workflow failed with.
 */
export function keepSecret(secret: string): void {
	// A shorter one may be a word.
	if (secret.length < SHORTEST_KEPT) return;
	kept.delete(secret);
	kept.add(secret);
	const [oldest] = kept;
	if (kept.size > MOST_KEPT) kept.delete(oldest);
}

/** A text with asterisks for the secrets in it, and for whatever looks like somebody's token. */
function withoutSecrets(text: string, secrets: string[]): string {
	let masked = text;
	// The longest first: one may be part of another.
	for (const secret of [...secrets, ...kept].filter(Boolean).sort((a, b) => b.length - a.length)) {
		masked = masked.replaceAll(secret, '***');
	}
	return masked.replace(/\bcfc_\w+/g, 'cfc_***').replace(/\bBearer\s+\S+/gi, 'Bearer ***');
}

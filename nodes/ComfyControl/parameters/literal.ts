/** Whether what was written in n8n's editor is an expression. */
export function isExpression(written: unknown): boolean {
	return typeof written === 'string' && written.startsWith('=');
}

/**
 * A text from outside as a value in n8n's editor that arrives as that very text: n8n takes what begins
 * with `=` for an expression and runs it.
 *
 * @returns the text, or for one that begins with `=` an expression that does nothing but give it back
 */
export function literal(text: string): string {
	if (!text.startsWith('=')) return text;
	// Where nothing in it can be code or an escape, a second = is enough, and easier to read and change.
	if (!/[{}\\]/.test(text)) return `=${text}`;
	// n8n looks for its double braces in quotes too, and reads no line separators in them.
	const quoted = JSON.stringify(text).replace(
		/[{}\u2028\u2029]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return `={{ ${quoted} }}`;
}

/** A text with asterisks for the secrets in it, and for whatever looks like somebody's token. */
export function withoutSecrets(text: string, secrets: string[]): string {
	let masked = text;
	// The longest first: one may be part of another.
	for (const secret of secrets.filter(Boolean).sort((a, b) => b.length - a.length)) {
		masked = masked.replaceAll(secret, '***');
	}
	return masked.replace(/\bcfc_\w+/g, 'cfc_***').replace(/\bBearer\s+\S+/gi, 'Bearer ***');
}

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
export function withoutSecrets(text: string, secrets: string[]): string {
	let masked = text;
	// The longest first: one may be part of another.
	for (const secret of [...secrets, ...kept].filter(Boolean).sort((a, b) => b.length - a.length)) {
		masked = masked.replaceAll(secret, '***');
	}
	return masked.replace(/\bcfc_\w+/g, 'cfc_***').replace(/\bBearer\s+\S+/gi, 'Bearer ***');
}

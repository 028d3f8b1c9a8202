/** The token that a credential holds, without the spaces and the `Bearer` that come along when pasted. */
export function apiTokenIn(entered: unknown): string {
	return String(entered ?? '')
		.trim()
		.replace(/^Bearer\s+/i, '');
}

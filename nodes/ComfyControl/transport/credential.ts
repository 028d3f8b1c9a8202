// A host's name with a dot: what a missing https:// can be put in front of without changing the host.
// n8n's credential test says the same in an expression.
const HOST_ALONE = /^(?=[\w-]+(\.[\w-]+)*\.[a-z][\w-]*(:\d+)?(\/|$))/i;

/**
 * The address that API paths are appended to, from what the credential holds: surrounding spaces,
 * slashes at the end and a pasted `/v1` are dropped, a path in front of it is kept, and a missing
 * `https://` is put in front of a host's name.
 *
 * @returns undefined unless it is an http or https address
 */
export function apiBaseUrl(entered: unknown): string | undefined {
	if (typeof entered !== 'string') return undefined;
	const address = entered.trim().replace(HOST_ALONE, 'https://');
	if (!URL.canParse(address)) return undefined;
	const { protocol, origin, pathname } = new URL(address);
	if (protocol !== 'http:' && protocol !== 'https:') return undefined;
	return origin + pathname.replace(/(\/v1)?\/*$/, '');
}

/** The token that a credential holds, without the spaces and the `Bearer` that come along when pasted. */
export function apiTokenIn(entered: unknown): string {
	return String(entered ?? '')
		.trim()
		.replace(/^Bearer\s+/i, '');
}

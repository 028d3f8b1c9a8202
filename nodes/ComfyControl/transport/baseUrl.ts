/**
 * The address that API paths are appended to, from what the credential holds: surrounding spaces,
 * slashes at the end and a pasted `/v1` are dropped, a path in front of it is kept.
 *
 * @returns undefined unless it is an http or https address
 */
export function apiBaseUrl(entered: unknown): string | undefined {
	if (typeof entered !== 'string' || !URL.canParse(entered.trim())) return undefined;
	const { protocol, origin, pathname } = new URL(entered.trim());
	if (protocol !== 'http:' && protocol !== 'https:') return undefined;
	return origin + pathname.replace(/(\/v1)?\/*$/, '');
}

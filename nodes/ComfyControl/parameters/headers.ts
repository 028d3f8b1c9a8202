import { isRecord } from './guards';
import type { Checked } from './types';

// RFC 9110: what a header's name may be made of.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads the headers that were entered for a runner's requests, by name. */
export function readHeaders(entered: unknown): Checked<Record<string, string>> {
	const rows = isRecord(entered) && Array.isArray(entered.header) ? entered.header : [];
	const headers = new Map<string, string>();
	for (const row of rows.filter(isRecord)) {
		const name = String(row.name ?? '').trim();
		const value = String(row.value ?? '');
		if (!NAME.test(name)) {
			return wrong(
				name === '' ? 'A header has no name' : `'${name}' can't be the name of a header`,
				'Enter a name such as Authorization: letters, digits and hyphens, without a colon.',
			);
		}
		if (/[\r\n\0]/.test(value)) {
			return wrong(`The value of the header '${name}' has a line break`, 'Enter it on one line.');
		}
		if ([...headers.keys()].some((known) => known.toLowerCase() === name.toLowerCase())) {
			return wrong(`The header '${name}' is entered more than once`, 'Keep one of them.');
		}
		headers.set(name, value);
	}
	return { value: Object.fromEntries(headers) };
}

function wrong(message: string, description: string): Checked<never> {
	return { problem: { message, description } };
}

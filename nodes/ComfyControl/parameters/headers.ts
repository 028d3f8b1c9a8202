import { isRecord } from '../basics/guards';
import { wrong, type Checked } from './types';

// RFC 9110: what a header's name may be made of.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads the headers that were entered for a runner's requests, by name. */
export function readHeaders(entered: unknown): Checked<Record<string, string>> {
	const rows = isRecord(entered) && Array.isArray(entered.header) ? entered.header : [];
	const headers = new Map<string, string>();
	for (const row of rows.filter(isRecord)) {
		const name = String(row.name ?? '').trim();
		if (!NAME.test(name)) {
			// Behind a colon comes the value, which is a secret.
			const [shown] = name.split(':');
			return wrong(
				name === '' ? 'A header has no name' : `'${shown}' can't be the name of a header`,
				'Enter a name such as Authorization: letters, digits and hyphens, without a colon.',
			);
		}
		const value = textOf(row.value);
		if (value === undefined) {
			return wrong(
				`The header '${name}' has no value`,
				'Its expression gives no text for this item. Check it, or remove the header.',
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

function textOf(value: unknown): string | undefined {
	return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

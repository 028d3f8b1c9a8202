import { shortened } from './shortened';
import { wrong, type Checked } from './types';

/**
 * The id in what a user entered for a template or a runner: the id itself, or the end of an address.
 * Nothing more is asked of it, as the API's own examples have ids that are no UUIDs.
 */
export function entityIdIn(entered: unknown, noun: string): Checked<string> {
	const text = typeof entered === 'string' ? entered.trim() : '';
	const [path] = text.split(/[?#]/);
	const id = path.split('/').filter(Boolean).at(-1) ?? '';
	// Dots alone would lead the request to another path.
	if (/^\.*$|\s/.test(id)) {
		return wrong(
			text === '' ? `No ${noun} is given` : `'${shortened(text)}' is no ID of a ${noun}`,
			`Pick the ${noun} from the list, or enter its ID. If it is an expression, check that it gives a value for this item.`,
		);
	}
	return { value: id };
}

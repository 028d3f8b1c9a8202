import { shownValue } from './given';
import { wrong, type Checked } from './types';

/**
 * A text of the length that ComfyControl takes.
 *
 * @param label the field's name in the editor
 */
export function textWithin(label: string, entered: unknown, longest: number): Checked<string> {
	const shown = shownValue(entered) ?? '';
	if (typeof shown === 'object') {
		return wrong(
			`'${label}' is ${Array.isArray(shown) ? 'a list' : 'an object'}, not text`,
			'Pick one field of it in the expression.',
		);
	}
	const text = String(shown);
	if (text.trim() === '') {
		return wrong(`'${label}' is empty`, `Enter 1 to ${longest} characters.`);
	}
	const { length } = [...text];
	return length > longest
		? wrong(`'${label}' has ${length} characters`, `ComfyControl takes at most ${longest}.`)
		: { value: text };
}

/**
 * Tags, entered as a list or separated by commas, each once.
 *
 * @param most how many there may be, where ComfyControl has a limit
 * @param label what the field is called in the editor
 */
export function tagsIn(entered: unknown, most = Infinity, label = 'Tags'): Checked<string[]> {
	const entries: unknown[] = Array.isArray(entered) ? entered : [entered];
	// Left out, it would let workflows run where they must not.
	if (entries.some((entry) => (entry ?? undefined) === undefined)) {
		return wrong(
			`'${label}' holds a tag without a value`,
			'Its expression gives nothing. Check it, or remove the tag.',
		);
	}
	if (entries.some((entry) => typeof entry === 'object')) {
		return wrong(`'${label}' contains a value that isn't text`, 'Enter tags as texts.');
	}
	const lists = entries.map((entry) => tagsOf(String(entry)));
	if (lists.some((tags) => tags.length === 0)) {
		return wrong(`'${label}' holds an empty tag`, 'Enter a tag there, or remove it.');
	}
	const distinct = [...new Set(lists.flat())];
	return distinct.length > most
		? wrong(`There are ${distinct.length} tags`, `ComfyControl takes at most ${most}.`)
		: { value: distinct };
}

function tagsOf(entry: string): string[] {
	return entry
		.split(',')
		.map((tag) => tag.trim())
		.filter((tag) => tag !== '');
}

/** An address that ComfyControl can call. */
export function webAddress(label: string, entered: unknown): Checked<string> {
	const text = typeof entered === 'string' ? entered.trim() : '';
	const isAddress = /^https?:\/\//i.test(text) && URL.canParse(text);
	return isAddress
		? { value: text }
		: wrong(
				`'${label}' is not a valid URL`,
				'Enter an address that starts with http:// or https://, such as https://comfyui.example.com.',
			);
}

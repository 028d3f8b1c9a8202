import { shortened } from './wording';
import { wrong, type Checked } from './types';

// Like a UUID, but any letter will do: ComfyControl's own example ids are not all hexadecimal.
const ID = '[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}';
const WHOLE_ID = `(?<![0-9a-z-])(${ID})(?![0-9a-z-])`;

/**
 * The workflow id in what a user entered: the id itself, or any address that contains it. In an
 * address with several ids it is the one that follows `workflow/` or `workflows/`, else the first.
 */
export function workflowIdIn(entered: unknown): Checked<string> {
	const text = typeof entered === 'string' ? entered.trim() : '';
	if (text === '') {
		return wrong(
			'No workflow is given',
			"Enter the ID or the address of the workflow to use in 'Workflow'. If it is an expression, check that it gives a value for this item.",
		);
	}
	const [, id] =
		new RegExp(`workflows?/${WHOLE_ID}`, 'i').exec(text) ??
		new RegExp(WHOLE_ID, 'i').exec(text) ??
		[];
	if (id === undefined) {
		return wrong(
			`'${shortened(text)}' contains no workflow ID`,
			'A workflow ID looks like a1b2c3d4-e5f6-4890-abcd-ef1234567890. Copy it, or the address of the page, from the workflow in ComfyControl.',
		);
	}
	return { value: id };
}

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

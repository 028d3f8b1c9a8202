import { wrong, type Checked, type ParameterKind } from './types';
import { shortened } from './wording';

/** A value of a workflow's JSON that ComfyControl replaces for each run. */
export type Placeholder =
	| { kind: 'text'; name: string; defaultValue?: string; defaultsDiffer?: true }
	| { kind: 'file'; name: string }
	| { kind: 'choice'; name: string; options: string[]; defaultsDiffer?: true }
	| { kind: 'random' | 'timestamp' };

/** A placeholder that somebody gives a value. */
export type NamedPlaceholder = Extract<Placeholder, { name: string }>;

const BEGINNING = /^\$(text|file|choice|random|timestamp)\(/;
const WHOLE = /^\$(text|file|choice|random|timestamp)\((.*)\)$/s;
const PASTED = /^[$#](text|file|choice)\(([^,()]*)(?:,.*)?\)$/s;
const UNFINISHED = /^[$#](text|file|choice)\(/;
const GENERATED = /^\$(random|timestamp)\(.*\)$/s;
const CONTROL_CHARACTER = /\p{Cc}/u;

const PREFIX: Record<ParameterKind, string> = { text: '$', file: '$', choice: '#' };

/**
 * Reads a string of a workflow's JSON. White space of a default is part of it, but for the one space
 * that people write after the comma.
 *
 * @returns undefined for a string that is none, 'malformed' for one that was meant to be one
 * @see https://docs.comfycontrol.app/concepts/templates
 */
export function parsePlaceholder(value: string): Placeholder | 'malformed' | undefined {
	const text = value.trim();
	if (!BEGINNING.test(text)) return undefined;
	const [, kind, inside] = WHOLE.exec(text) ?? [];
	switch (kind) {
		case 'random':
		case 'timestamp':
			return inside.trim() === '' ? { kind } : 'malformed';
		case 'text':
			return textPlaceholder(inside);
		case 'file':
			return isName(inside.trim()) ? { kind, name: inside.trim() } : 'malformed';
		case 'choice':
			return choicePlaceholder(inside);
		default:
			return 'malformed';
	}
}

/**
 * The kind and name in a placeholder as people and the API write it, with or without the rest of it:
 * `$text(prompt)`, `#choice(sampler)`, `$choice(sampler, euler, dpm_2)`.
 */
export function kindAndName(text: string): { kind: ParameterKind; name: string } | undefined {
	const [, kind, name] = PASTED.exec(text) ?? [];
	return kind === 'text' || kind === 'file' || kind === 'choice'
		? { kind, name: name.trim() }
		: undefined;
}

/** The placeholders of a definition, in its order, each name once, and the strings that are none quite. */
export interface Placeholders {
	named: NamedPlaceholder[];
	malformed: string[];
}

/** Finds the placeholders in a workflow's JSON, however it is nested. */
export function placeholdersIn(definition: unknown): Placeholders {
	const named = new Map<string, NamedPlaceholder>();
	const malformed: string[] = [];
	for (const value of stringsIn(definition)) {
		const placeholder = parsePlaceholder(value);
		if (placeholder === 'malformed') malformed.push(value);
		else if (placeholder !== undefined && 'name' in placeholder) {
			const key = `${placeholder.kind} ${placeholder.name}`;
			named.set(key, merged(named.get(key), placeholder));
		}
	}
	return { named: [...named.values()], malformed };
}

/** All strings in a JSON value, in its order. */
// With a stack of its own, as deep nesting would exceed that of recursive calls.
export function* stringsIn(definition: unknown): Iterable<string> {
	const stack = [definition];
	while (stack.length > 0) {
		const value = stack.pop();
		if (typeof value === 'string') yield value;
		else if (typeof value === 'object' && value !== null) {
			for (const child of Object.values(value).reverse()) stack.push(child);
		}
	}
}

function textPlaceholder(inside: string): Placeholder | 'malformed' {
	const comma = inside.indexOf(',');
	const name = (comma < 0 ? inside : inside.slice(0, comma)).trim();
	if (!isName(name)) return 'malformed';
	return comma < 0
		? { kind: 'text', name }
		: { kind: 'text', name, defaultValue: inside.slice(comma + 1).replace(/^ /, '') };
}

function choicePlaceholder(inside: string): Placeholder | 'malformed' {
	const [name, ...options] = inside.split(',').map((part) => part.trim());
	if (!isName(name) || options.length === 0 || options.includes('')) return 'malformed';
	return { kind: 'choice', name, options: [...new Set(options)] };
}

function isName(text: string): boolean {
	return /^[^(),\p{Cc}]+$/u.test(text);
}

// Where defaults differ, the first must not be sent for all; what only one choice offers is wrong for the
// other.
function merged(
	known: NamedPlaceholder | undefined,
	placeholder: NamedPlaceholder,
): NamedPlaceholder {
	if (known?.kind === 'choice' && placeholder.kind === 'choice') {
		const differs = known.defaultsDiffer ?? known.options[0] !== placeholder.options[0];
		const options = known.options.filter((option) => placeholder.options.includes(option));
		return { ...known, options, ...(differs && { defaultsDiffer: true }) };
	}
	if (known?.kind === 'text' && placeholder.kind === 'text') {
		const defaults = [known.defaultValue, placeholder.defaultValue];
		const differs = !defaults.includes(undefined) && defaults[0] !== defaults[1];
		return { ...placeholder, ...known, ...(differs && { defaultsDiffer: true }) };
	}
	return { ...placeholder, ...known };
}

/**
 * The form field that carries a parameter: `$name` for texts and files, `#name` for choices.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/rerun
 */
export function formFieldName({ kind, name }: { kind: ParameterKind; name: string }): string {
	return PREFIX[kind] + name;
}

/**
 * The bare name in what a user typed or pasted for a parameter of that kind: `prompt`, `$prompt`,
 * `#sampler`, or a whole placeholder such as `$text(prompt, a default)` or `#choice(sampler)`.
 */
export function parameterName(entered: unknown, kind: ParameterKind): Checked<string> {
	if (typeof entered === 'object' && entered !== null) {
		return wrong(
			`The name of a ${kind} parameter is an object, not text`,
			'Pick one field of it in the expression.',
		);
	}
	const pasted = withoutQuotes(String(entered ?? '').trim());
	if (GENERATED.test(pasted)) {
		return wrong(
			`'${shortened(pasted)}' takes no value`,
			'ComfyControl fills it in by itself. Remove this parameter.',
		);
	}

	const placeholder = kindAndName(pasted);
	if (placeholder === undefined && UNFINISHED.test(pasted)) {
		return wrong(
			`'${shortened(pasted)}' is not a whole placeholder`,
			"Enter the name alone, such as 'prompt', or the placeholder with its brackets.",
		);
	}
	const pastedKind = placeholder?.kind ?? (pasted.startsWith('#') ? 'choice' : kind);
	if (pastedKind !== kind) {
		return wrong(
			`'${shortened(pasted)}' is a ${pastedKind} parameter, but is entered as a ${kind} parameter`,
			`Remove it here and enter it with 'Add Parameter' > '${groupName(pastedKind)}'.`,
		);
	}
	return checkedName(placeholder?.name ?? pasted.replace(/^[$#]/, '').trim(), kind);
}

// As it stands in the workflow's JSON.
function withoutQuotes(text: string): string {
	return text.replace(/^"([$#].*)"$/s, '$1');
}

function checkedName(name: string, kind: ParameterKind): Checked<string> {
	if (name === '') {
		return wrong(
			`A ${kind} parameter has no name`,
			"Enter the name that the workflow's placeholder has, for example 'prompt' for $text(prompt), or remove the parameter.",
		);
	}
	if (CONTROL_CHARACTER.test(name)) {
		return wrong(
			`The name of the ${kind} parameter ${JSON.stringify(name.slice(0, 80))} contains a line break or another control character`,
			'Enter the name on one line, as it stands in the workflow.',
		);
	}
	return { value: name };
}

function groupName(kind: string): string {
	return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} Parameter`;
}

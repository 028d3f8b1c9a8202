import { kindAndName } from './placeholders';
import { shortened } from './shortened';
import { wrong, type Checked, type ParameterKind } from './types';

const PREFIX: Record<ParameterKind, string> = { text: '$', file: '$', choice: '#' };

const UNFINISHED = /^[$#](text|file|choice)\(/;
const GENERATED = /^\$(random|timestamp)\(.*\)$/s;
const CONTROL_CHARACTER = /\p{Cc}/u;

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

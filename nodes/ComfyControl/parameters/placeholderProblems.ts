import { parsePlaceholder, stringsIn, type Placeholder } from './placeholders';
import type { Problem } from './types';
import { isRecord } from '../basics/guards';
import { shortened } from './wording';

const LEAST_OPTIONS = 2;
const MOST_OPTIONS = 4;
const FILE_NAME = /^[A-Za-z0-9_-]{1,255}$/;

/**
 * The first placeholder of a workflow's JSON that is beyond what ComfyControl documents.
 *
 * @see https://docs.comfycontrol.app/concepts/templates
 */
export function placeholderBoundsProblem(definition: unknown): Problem | undefined {
	for (const value of stringsIn(definition)) {
		const placeholder = parsePlaceholder(value);
		const problem =
			placeholder === 'malformed' || placeholder === undefined ? undefined : beyond(placeholder);
		if (problem) return problem;
	}
	return undefined;
}

function beyond(placeholder: Placeholder): Problem | undefined {
	if (placeholder.kind === 'file' && !FILE_NAME.test(placeholder.name)) {
		return {
			message: `'${placeholder.name}' is no name that a file parameter can have`,
			description: `ComfyControl takes 1 to 255 letters from a to z, digits, '-' and '_' in $file(…). Correct it in ComfyUI.`,
		};
	}
	if (placeholder.kind !== 'choice') return undefined;
	const { name, options } = placeholder;
	return options.length < LEAST_OPTIONS || options.length > MOST_OPTIONS
		? {
				message: `The choice '${name}' has ${options.length} ${options.length === 1 ? 'option' : 'options'}`,
				description: `ComfyControl takes ${LEAST_OPTIONS} to ${MOST_OPTIONS} in $choice(…). Correct it in ComfyUI, or use $text(${name}).`,
			}
		: undefined;
}

// A name as people give them. Code has variables and quotation marks there: `$text($x)`, `$file("a")`.
const NAME = String.raw`\s*[\p{L}\p{N}_][\p{L}\p{N}_ .-]*?\s*`;
const CALL = String.raw`(?:(?:text|file)\(${NAME}[,)]|choice\(${NAME},[^()]*\)|(?:random|timestamp)\(\s*\))`;

// Within a longer text. A letter before it makes it a call in code (`df$text(x)`), a dollar a wildcard.
const WITHIN = new RegExp(String.raw`(?<![\p{L}\p{N}$\\)\]])\$${CALL}`, 'iu');
// The whole value, written in another way: `$Text(x)`, `$text (x)`, `\${text(x)}`, `#choice(s, a)`.
const ALONE = String.raw`(?:(?:text|file|choice) *\(${NAME}(?:,[^()]*)?\)|(?:random|timestamp) *\(\s*\))`;
const WHOLE = new RegExp(
	String.raw`^(?:\$ *${ALONE}|\$\{\s*\$?${ALONE}\s*\}|#(?:text|file|choice)\(${NAME}(?:,[^()]*)?\))$`,
	'iu',
);

/**
 * Whether a value was clearly meant to be a placeholder, or to hold one, and is none: ComfyControl
 * replaces whole values alone, so it would be used as it is written.
 *
 * @see https://docs.comfycontrol.app/concepts/templates
 */
export function isNearPlaceholder(value: string): boolean {
	// What most texts are told by, without a look at each character.
	if (!value.includes('$') && !value.includes('#')) return false;
	const text = value.trim();
	const placeholder = parsePlaceholder(text);
	if (placeholder === 'malformed') return !isCode(text);
	if (placeholder === undefined) return WHOLE.test(text) || WITHIN.test(text);
	// `$text(a, red) and $text(b)` reads as one placeholder with a strange default.
	if (placeholder.kind !== 'text' || placeholder.defaultValue === undefined) return false;
	const rest = `${placeholder.defaultValue})`;
	return closesEarly(placeholder.defaultValue) && WITHIN.test(rest);
}

/** The first value in the inputs of a workflow's nodes that was clearly meant to be a placeholder. */
export function nearPlaceholderProblem(definition: Record<string, unknown>): Problem | undefined {
	for (const [id, node] of Object.entries(definition)) {
		if (!isRecord(node) || !isRecord(node.inputs)) continue;
		for (const [input, content] of Object.entries(node.inputs)) {
			for (const value of stringsIn(content)) {
				if (!isNearPlaceholder(value)) continue;
				return {
					message: `'${shortened(value)}' is not quite a placeholder, and would be used as it is written`,
					description: `It is '${input}' of node '${id}'. A placeholder has to be the whole value and look like $text(prompt), $text(prompt, a default), $file(image), $choice(sampler, euler, dpm_2), $random() or $timestamp(). Correct it in ComfyUI; a longer text can be the value that is entered for $text(prompt).`,
				};
			}
		}
	}
	return undefined;
}

// A call of a variable, as in PHP: its arguments are variables or quoted.
function isCode(text: string): boolean {
	return /^\$\w+\(\s*[$"'`&\\]/.test(text);
}

function closesEarly(text: string): boolean {
	let depth = 0;
	for (const character of text) {
		if (character === '(') depth++;
		else if (character === ')' && --depth < 0) return true;
	}
	return false;
}

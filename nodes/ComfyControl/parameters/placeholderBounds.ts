import { parsePlaceholder, stringsIn, type Placeholder } from './placeholders';
import type { Problem } from './types';

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

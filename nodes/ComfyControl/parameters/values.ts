import { isBinaryData, isRecord } from '../basics/guards';
import { lostNumber, nameOfNoValue, shownValue } from './given';
import { formFieldName, parameterName } from './placeholders';
import { shortened } from './wording';
import {
	wrong,
	type Checked,
	type FileParameter,
	type Parameter,
	type ParameterKind,
	type Problem,
	type ValueParameter,
} from './types';

// What JavaScript makes of an object inside a text.
const OBJECT_AS_TEXT = '[object Object]';

/**
 * Reads what was entered for a parameter.
 *
 * @param input the text or choice, or where the file is, with expressions resolved
 * @param source the field that it is from, as a sentence begins with it, where no expression gave it
 */
export function readParameter(
	kind: ParameterKind,
	name: string,
	input: unknown,
	source?: string,
): Checked<Parameter> {
	return kind === 'file' ? readFile(name, input) : readValue(name, kind, input, source);
}

/** The parameters of one item, or the first problem among them. */
export function allOf(entries: Array<Checked<Parameter>>): Checked<Parameter[]> {
	const parameters: Parameter[] = [];
	for (const entry of entries) {
		if ('problem' in entry) return entry;
		parameters.push(entry.value);
	}
	const problem = repeatedName(parameters);
	return problem ? { problem } : { value: parameters };
}

/**
 * Reads what the 'Parameters' collection holds for one item, in the order text, file, choice.
 * Nothing is guessed: the first entry that could not be sent as meant is returned as a problem.
 *
 * @param collection the node parameter's value, with expressions resolved
 */
export function readCollection(collection: unknown): Checked<Parameter[]> {
	return allOf(entriesOf(collection).map(readEntry));
}

interface Entry {
	kind: Parameter['kind'];
	fields: Record<string, unknown>;
}

function entriesOf(collection: unknown): Entry[] {
	if (!isRecord(collection)) return [];
	const kinds = ['text', 'file', 'choice'] as const;
	return kinds.flatMap((kind) => {
		const entries = collection[kind];
		return Array.isArray(entries)
			? entries.filter(isRecord).map((fields) => ({ kind, fields }))
			: [];
	});
}

function readEntry({ kind, fields }: Entry): Checked<Parameter> {
	const name = parameterName(fields.name, kind);
	if ('problem' in name) return name;
	return readParameter(
		kind,
		name.value,
		kind === 'file' ? fields.binaryPropertyName : fields.value,
	);
}

function readValue(
	name: string,
	kind: ValueParameter['kind'],
	input: unknown,
	source?: string,
): Checked<ValueParameter> {
	const noValue = nameOfNoValue(input);
	if (noValue !== undefined) {
		return wrong(
			`The ${kind} parameter '${shortened(name)}' is ${noValue}, which is no value`,
			`${source ?? 'The expression'} gives it for this item. Check how it is made.`,
		);
	}
	const value = shownValue(input);
	if (value === undefined || value === null) {
		return wrong(
			`The ${kind} parameter '${shortened(name)}' has no value`,
			"Its expression gives nothing for this item. Check the expression, let it fall back to a text with {{ … ?? 'text' }}, or remove the parameter to leave it out.",
		);
	}
	if (typeof value === 'object') {
		return wrong(
			`The ${kind} parameter '${shortened(name)}' is ${Array.isArray(value) ? 'a list' : 'an object'}, not text`,
			source === undefined
				? 'Pick one field of it in the expression, or turn it into text, for example with {{ JSON.stringify(…) }}.'
				: `${source} holds it. Put a text or a number into that field.`,
		);
	}
	if (lostNumber(value) !== undefined) {
		return wrong(
			`The number for '${shortened(name)}' is too long to be kept exactly: it has become ${String(value)}`,
			'Give it as a text: in quotes, from a column of texts, or with {{ String(…) }} where any such number will do.',
		);
	}
	if (typeof value === 'string' && value.includes(OBJECT_AS_TEXT)) {
		return wrong(
			`The ${kind} parameter '${shortened(name)}' has ${OBJECT_AS_TEXT} in it`,
			'That is an object put into a text. Pick one field of it, or use {{ JSON.stringify(…) }}.',
		);
	}
	if (kind === 'choice' && value === '') {
		return wrong(
			`The choice parameter '${shortened(name)}' has no value`,
			'Enter one of the choices that the workflow offers, or remove the parameter to leave it out.',
		);
	}
	return { value: { kind, name, value: String(value) } };
}

function readFile(name: string, input: unknown): Checked<FileParameter> {
	if (input === undefined || input === null) return { value: { kind: 'file', name, input: '' } };
	if (typeof input === 'string') return { value: { kind: 'file', name, input } };
	if (isBinaryData(input)) return { value: { kind: 'file', name, input } };
	return wrong(
		`The input of the file parameter '${shortened(name)}' is neither the name of a binary field nor a URL nor a file`,
		"Enter the name of the input field with the file, for example 'data', a URL such as https://example.com/a.png, or an expression that gives the file itself, such as {{ $('Form').item.binary.image }}.",
	);
}

/** Two entries that would share a form field: ComfyControl could take either of them. */
function repeatedName(parameters: Parameter[]): Problem | undefined {
	const seen = new Set<string>();
	for (const parameter of parameters) {
		const field = formFieldName(parameter);
		if (seen.has(field)) {
			return {
				message: `The parameter '${shortened(parameter.name)}' is entered more than once`,
				description: `Both entries would be sent as '${shortened(field)}'. Keep one of them.`,
			};
		}
		seen.add(field);
	}
	return undefined;
}

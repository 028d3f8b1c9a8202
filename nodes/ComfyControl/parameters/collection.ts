import type { IBinaryData } from 'n8n-workflow';

import { formFieldName, parameterName } from './names';
import type { Checked, FileParameter, Parameter, Problem, ValueParameter } from './types';

/**
 * Reads what the 'Parameters' collection holds for one item, in the order text, file, choice.
 * Nothing is guessed: the first entry that could not be sent as meant is returned as a problem.
 *
 * @param collection the node parameter's value, with expressions resolved
 */
export function readCollection(collection: unknown): Checked<Parameter[]> {
	const parameters: Parameter[] = [];
	for (const entry of entriesOf(collection)) {
		const parameter = readEntry(entry);
		if ('problem' in parameter) return parameter;
		parameters.push(parameter.value);
	}
	const problem = repeatedName(parameters);
	return problem ? { problem } : { value: parameters };
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
	return kind === 'file'
		? readFile(name.value, fields.binaryPropertyName)
		: readValue(name.value, kind, fields.value);
}

function readValue(
	name: string,
	kind: ValueParameter['kind'],
	value: unknown,
): Checked<ValueParameter> {
	if (value === undefined || value === null) {
		return {
			problem: {
				message: `The ${kind} parameter '${name}' has no value`,
				description:
					"Its expression gives nothing for this item. Check the expression, let it fall back to a text with {{ … ?? 'text' }}, or remove the parameter to leave it out.",
			},
		};
	}
	if (typeof value === 'object') {
		return {
			problem: {
				message: `The ${kind} parameter '${name}' is ${Array.isArray(value) ? 'a list' : 'an object'}, not text`,
				description:
					'Pick one field of it in the expression, or turn it into text, for example with {{ JSON.stringify(…) }}.',
			},
		};
	}
	if (kind === 'choice' && value === '') {
		return {
			problem: {
				message: `The choice parameter '${name}' has no value`,
				description:
					'Enter one of the choices that the workflow offers, or remove the parameter to leave it out.',
			},
		};
	}
	return { value: { kind, name, value: String(value) } };
}

function readFile(name: string, input: unknown): Checked<FileParameter> {
	if (input === undefined || input === null) return { value: { kind: 'file', name, input: '' } };
	if (typeof input === 'string') return { value: { kind: 'file', name, input } };
	if (isBinaryData(input)) return { value: { kind: 'file', name, input } };
	return {
		problem: {
			message: `The input of the file parameter '${name}' is neither the name of a binary field nor a file`,
			description:
				"Enter the name of the input field with the file, for example 'data', or an expression that gives the file itself, such as {{ $('Form').item.binary.image }}.",
		},
	};
}

/** Two entries that would share a form field: ComfyControl could take either of them. */
function repeatedName(parameters: Parameter[]): Problem | undefined {
	const seen = new Set<string>();
	for (const parameter of parameters) {
		const field = formFieldName(parameter);
		if (seen.has(field)) {
			return {
				message: `The parameter '${parameter.name}' is entered more than once`,
				description: `Both entries would be sent as '${field}'. Keep one of them.`,
			};
		}
		seen.add(field);
	}
	return undefined;
}

/** Whether a value is a file as n8n hands it from node to node. */
export function isBinaryData(value: unknown): value is IBinaryData {
	return (
		isRecord(value) &&
		typeof value.mimeType === 'string' &&
		(typeof value.data === 'string' || isBinaryId(value.id))
	);
}

// n8n's own ids say where the file is: `filesystem-v2:…`, `database:…`.
function isBinaryId(id: unknown): boolean {
	return typeof id === 'string' && /^[a-z][a-z0-9-]*:/.test(id);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

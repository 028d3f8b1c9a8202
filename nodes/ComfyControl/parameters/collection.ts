import { isRecord } from '../basics/guards';
import { isExpression } from './literal';
import { parameterName } from './names';
import { wrong, type Checked, type Parameter } from './types';
import { allOf, readParameter } from './values';

/**
 * Reads what the 'Parameters' collection holds for one item, in the order text, file, choice.
 * Nothing is guessed: the first entry that could not be sent as meant is returned as a problem.
 *
 * @param collection the node parameter's value, with expressions resolved
 */
export function readCollection(collection: unknown): Checked<Parameter[]> {
	return allOf(entriesOf(collection).map(readEntry));
}

/**
 * Makes sure that what an expression gave was understood: n8n drops shapes that it doesn't know, and the
 * workflow would run again unchanged.
 *
 * @param raw the collection as it was written, with its expressions
 */
export function notLost(parameters: Parameter[], raw: unknown): Checked<Parameter[]> {
	const isByExpression =
		isExpression(raw) || (isRecord(raw) && Object.values(raw).some(isExpression));
	if (parameters.length > 0 || !isByExpression) return { value: parameters };
	return wrong(
		"The expression of 'Parameters' gives no parameters",
		'It has to give an object such as { text: [{ name: "prompt", value: "a barn" }], file: [{ name: "input_image", binaryPropertyName: "data" }], choice: [{ name: "sampler", value: "ddim" }] }.',
	);
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

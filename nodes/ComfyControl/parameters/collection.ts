import { isRecord } from '../basics/guards';
import { parameterName } from './names';
import type { Checked, Parameter } from './types';
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

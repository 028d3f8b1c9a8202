import { invalidFormat, validationFailed } from './apiError';
import type { Form, FormPart } from './form';
import type { Param } from './jobs';
import { formField, type NamedPlaceholder } from './placeholders';
import type { ReceivedFile } from './requestLog';
import type { Switches } from './switches';

/** What a placeholder gets that has no field in the form; undefined for no value at all. */
type Omitted = (placeholder: NamedPlaceholder) => Param | undefined;

/** The values that the form gives to the placeholders, or the documented refusal. */
export function formParams(
	form: Form,
	placeholders: NamedPlaceholder[],
	switches: Switches,
	omitted: Omitted,
): Param[] {
	refuseUnknown([...form.keys()], placeholders, switches);
	const params: Param[] = [];
	for (const placeholder of placeholders) {
		const part = form.get(formField(placeholder));
		const param = part ? checked(placeholder, part, switches) : omitted(placeholder);
		if (param) params.push(param);
	}
	return params;
}

function refuseUnknown(
	fields: string[],
	placeholders: NamedPlaceholder[],
	{ unknownParameters }: Switches,
): void {
	if (unknownParameters === 'ignored') return;
	const known = placeholders.map(formField);
	const unknown = fields.find((field) => !known.includes(field));
	if (unknown !== undefined) throw validationFailed(`unknown parameter ${unknown}`);
}

function checked(placeholder: NamedPlaceholder, part: FormPart, switches: Switches): Param {
	const { kind, name } = placeholder;
	const field = formField(placeholder);
	if (kind === 'file') {
		if (!('file' in part)) throw invalidFormat(`${field} must be a file`);
		return fileParam(name, part.file, switches);
	}
	if (!('value' in part)) throw invalidFormat(`${field} must be text`);
	if (kind === 'text' && part.value === '' && switches.emptyText === 'refused') {
		throw validationFailed(`${field} cannot be empty`);
	}
	if (kind === 'choice' && switches.choiceOutsideList === 'refused') {
		const { options } = placeholder;
		if (!options.includes(part.value)) {
			throw validationFailed(`${field} must be one of ${options.join(', ')}`);
		}
	}
	return { kind, name, value: part.value };
}

function fileParam(name: string, file: ReceivedFile, { uploadedFileNames }: Switches): Param {
	const fileName = file.fileName ?? '';
	const [, stem = fileName] = /^(.+)\.[^.]*$/.exec(fileName) ?? [];
	if (uploadedFileNames !== 'any' && !/^[\w-]{1,255}$/.test(stem)) {
		throw invalidFormat(`file name of $${name} may only have letters, digits, - and _`);
	}
	return { kind: 'file', name, value: fileName, file };
}

/** The default of a placeholder, or the refusal of a value that is missing. */
export function defaultParam(placeholder: NamedPlaceholder): Param {
	const value = defaultOf(placeholder);
	if (value === undefined) throw missing(placeholder);
	return { kind: placeholder.kind, name: placeholder.name, value };
}

export function missing(placeholder: NamedPlaceholder) {
	return validationFailed(`missing parameter ${formField(placeholder)}`);
}

function defaultOf(placeholder: NamedPlaceholder): string | undefined {
	if (placeholder.kind === 'text') return placeholder.default;
	return placeholder.kind === 'choice' ? placeholder.options[0] : undefined;
}

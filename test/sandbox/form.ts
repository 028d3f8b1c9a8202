import { ApiError, invalidFormat } from './apiError';
import { isRecord, parsedJson, type JsonFile } from './json';
import { shortText } from './limits';
import { isMultipart } from './multipart';
import type { ReceivedFile, ReceivedRequest } from './requestLog';
import type { Switches } from './switches';

/** What was sent for one field. */
export type FormPart = { value: string } | { file: ReceivedFile };

/** A multipart body, by the names of its fields. */
export type Form = Map<string, FormPart>;

/** The form of a request that has to be one. */
export function formOf(received: ReceivedRequest, switches: Switches): Form {
	if (!isMultipart(received.headers)) {
		throw invalidFormat('Content-Type must be multipart/form-data');
	}
	const parts: Array<[string, FormPart]> = [
		...received.fields.map(({ name, value }): [string, FormPart] => [name, { value }]),
		...received.files.map((file): [string, FormPart] => [file.fieldName, { file }]),
	];
	const form: Form = new Map();
	for (const [field, part] of parts) {
		if (form.has(field) && switches.repeatedParameters === 'refused') {
			throw invalidFormat(`${field} was given more than once`);
		}
		form.set(field, part);
	}
	return form;
}

/** A text field, or undefined when there is none. */
export function textOf(form: Form, field: string): string | undefined {
	const part = form.get(field);
	if (!part) return undefined;
	if (!('value' in part)) throw invalidFormat(`${field} must be text`);
	return part.value;
}

/** A text field of 1 to `most` characters, or undefined when there is none. */
export function shortTextOf(form: Form, field: string, most: number): string | undefined {
	const text = textOf(form, field);
	return text === undefined ? undefined : shortText(text, field, most);
}

/** The object in a part that is a JSON file, or undefined when there is no such part. */
export function jsonFileOf(
	form: Form,
	field: string,
	{ jsonPart }: Switches,
): JsonFile | undefined {
	const part = form.get(field);
	if (!part) return undefined;
	if ('value' in part) {
		if (jsonPart === 'fileOnly') throw invalidFormat(`${field} must be a file`);
		return jsonObject(part.value, field);
	}
	return jsonObject(part.file.content.toString(), field);
}

function jsonObject(text: string, field: string): JsonFile {
	const value = parsedJson(text);
	if (!isRecord(value)) throw new ApiError(400, `invalid JSON in ${field}`);
	return { text, value };
}

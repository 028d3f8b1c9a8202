import { invalidFormat, validationFailed } from './apiError';
import type { Param, SandboxWorkflow } from './jobs';
import { formField, namedPlaceholders, type NamedPlaceholder } from './placeholders';
import type { ReceivedFile, ReceivedRequest } from './requestLog';
import type { Switches } from './switches';

/** What a rerun was sent for one field. */
type Sent = { value: string } | { file: ReceivedFile };

/** The values that a rerun of `original` executes with, or the documented refusal. */
export function rerunParams(
	original: SandboxWorkflow,
	received: ReceivedRequest,
	switches: Switches,
): Param[] {
	const placeholders = namedPlaceholders(original.workflowJson);
	const sent = sentByField(received, switches);
	if (sent.size === 0 && switches.emptyRerun === 'refused') {
		throw validationFailed('no parameters were given');
	}
	refuseUnknown([...sent.keys()], placeholders, switches);

	const params: Param[] = [];
	for (const placeholder of placeholders) {
		const given = sent.get(formField(placeholder));
		const param = given
			? checked(placeholder, given, switches)
			: omitted(placeholder, original, switches);
		if (param) params.push(param);
	}
	return params;
}

function sentByField({ fields, files }: ReceivedRequest, switches: Switches): Map<string, Sent> {
	const parts: Array<[string, Sent]> = [
		...fields.map(({ name, value }): [string, Sent] => [name, { value }]),
		...files.map((file): [string, Sent] => [file.fieldName, { file }]),
	];
	const sent = new Map<string, Sent>();
	for (const [field, part] of parts) {
		if (sent.has(field) && switches.repeatedParameters === 'refused') {
			throw invalidFormat(`${field} was given more than once`);
		}
		sent.set(field, part);
	}
	return sent;
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

function checked(placeholder: NamedPlaceholder, sent: Sent, switches: Switches): Param {
	const { kind, name } = placeholder;
	const field = formField(placeholder);
	if (kind === 'file') {
		if (!('file' in sent)) throw invalidFormat(`${field} must be a file`);
		return fileParam(name, sent.file, switches);
	}
	if (!('value' in sent)) throw invalidFormat(`${field} must be text`);
	if (kind === 'text' && sent.value === '' && switches.emptyText === 'refused') {
		throw validationFailed(`${field} cannot be empty`);
	}
	if (kind === 'choice' && switches.choiceOutsideList === 'refused') {
		const { options } = placeholder;
		if (!options.includes(sent.value)) {
			throw validationFailed(`${field} must be one of ${options.join(', ')}`);
		}
	}
	return { kind, name, value: sent.value };
}

function fileParam(name: string, file: ReceivedFile, { uploadedFileNames }: Switches): Param {
	const fileName = file.fileName ?? '';
	const [, stem = fileName] = /^(.+)\.[^.]*$/.exec(fileName) ?? [];
	if (uploadedFileNames !== 'any' && !/^[\w-]{1,255}$/.test(stem)) {
		throw invalidFormat(`file name of $${name} may only have letters, digits, - and _`);
	}
	return { kind: 'file', name, value: fileName, file };
}

/** The value of a parameter that the rerun left out. */
function omitted(
	placeholder: NamedPlaceholder,
	original: SandboxWorkflow,
	{ omittedFiles, omittedParameters }: Switches,
): Param | undefined {
	const { kind, name } = placeholder;
	const before = original.params.find((param) => param.kind === kind && param.name === name);
	const reading = kind === 'file' ? omittedFiles : omittedParameters;
	if (reading === 'kept') return before;
	const standard = reading === 'defaults' ? defaultOf(placeholder) : undefined;
	if (standard !== undefined) return { kind, name, value: standard };
	throw validationFailed(`missing parameter ${formField(placeholder)}`);
}

function defaultOf(placeholder: NamedPlaceholder): string | undefined {
	if (placeholder.kind === 'text') return placeholder.default;
	return placeholder.kind === 'choice' ? placeholder.options[0] : undefined;
}

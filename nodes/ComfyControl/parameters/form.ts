import type { ResourceMapperField } from 'n8n-workflow';

import { isBinaryData, isRecord } from '../basics/guards';
import { allEmpty, fieldOf, fitColumns, noColumnFits } from './columns';
import { listed, shortened } from './wording';
import { isExpression, literal } from './literal';
import { kindAndName } from './placeholders';
import type { Checked, Parameter, Problem } from './types';
import { allOf, readParameter } from './values';
import type { WorkflowParameter } from './workflowParameters';

// As one would fill them in.
const KINDS_IN_ORDER = ['text', 'file', 'choice'] as const;

/** The fields of the form for a workflow, filled with what its last run had. */
export function formFields(parameters: WorkflowParameter[]): ResourceMapperField[] {
	const inOrder = KINDS_IN_ORDER.flatMap((kind) => parameters.filter((one) => one.kind === kind));
	return inOrder.map((parameter) => {
		const { kind, name, options, lastValue } = parameter;
		const field: ResourceMapperField = {
			id: fieldId(parameter),
			displayName: kind === 'file' ? `${shortened(name)} (field or URL)` : shortened(name),
			type: 'string',
			required: false,
			defaultMatch: false,
			canBeUsedToMatch: false,
			display: true,
		};
		// A file is uploaded for each run: the last one's name would be no binary field of the input.
		if (kind === 'file') return field;
		if (options === undefined) return { ...field, defaultValue: asDefault(lastValue) };
		const chosen = defaultOption(parameter, options);
		// n8n takes a picked choice that begins with = for an expression, and once that gives the text back
		// it is none of the choices as n8n knows them. Such choices are entered, and checked by the node.
		if (options.some((option) => option !== literal(option))) {
			return { ...field, defaultValue: asDefault(chosen) };
		}
		return {
			...field,
			type: 'options',
			options: options.map((value) => ({ name: shortened(value), value })),
			defaultValue: chosen,
		};
	});
}

function defaultOption(
	{ lastValue, defaultsDiffer }: WorkflowParameter,
	options: string[],
): string | undefined {
	if (lastValue !== undefined && options.includes(lastValue)) return lastValue;
	return defaultsDiffer ? undefined : options[0];
}

/**
 * Reads the form for one item. Fields that were removed or never filled are left out, and so are empty
 * choices; an empty text is a text. The only file field that was left empty stands for the item's only file.
 *
 * @param entered the form's values with expressions resolved
 * @param written the form's values as they were written
 * @param schema the form's fields, of which some may have been removed
 * @param files the item's binary fields
 */
export function readForm(
	entered: unknown,
	written: unknown,
	schema: unknown = [],
	files: string[] = [],
): Checked<Parameter[]> {
	const values = isRecord(entered) ? entered : {};
	const isByExpression = (id: string) => isRecord(written) && isExpression(written[id]);
	const filled = Object.entries(values).flatMap(([id, input]) => {
		const parameter = kindAndName(id);
		const isUnfilled = (input ?? undefined) === undefined && !isByExpression(id);
		if (parameter === undefined || isUnfilled) return [];
		return { ...parameter, input };
	});
	const isEmptyBox = ({ kind, name }: Named) =>
		kind === 'file' &&
		!filled.some((one) => one.kind === kind && one.name === name && (one.input ?? '') !== '');
	const emptyBoxes = keptFields(schema).filter(isEmptyBox);
	const isNamed = (file: string) =>
		filled.some(({ kind, input }) => kind === 'file' && input === file);
	if (emptyBoxes.length !== 1 || files.every(isNamed)) return readAll(filled);
	const [{ name }] = emptyBoxes;
	const others = filled.filter((one) => one.kind !== 'file' || one.name !== name);
	const read = readAll(others);
	return 'problem' in read ? read : { value: [...read.value, { kind: 'file', name, input: '' }] };
}

/** The incoming data that a form may be filled with. */
export interface Columns {
	json: Record<string, unknown>;
	/** The names of the binary fields. */
	files: string[];
}

/** What an item's fields came to. */
export interface Mapped {
	parameters: Parameter[];
	/** The fields that nothing was sent of, but for those that n8n itself adds. */
	unused: string[];
}

/**
 * Fills a workflow's parameters with the item's fields of the same names, as `fitColumns` understands
 * it: files with the binary field of that name, with the one that a field of that name names, or with
 * the item's only one where one file parameter is left.
 *
 * @returns a problem when nothing of the item fits: the run would be paid for and repeat the last one
 */
export function readColumns(
	parameters: WorkflowParameter[],
	{ json, files }: Columns,
): Checked<Mapped> {
	const fields = fitColumns(parameters, Object.keys(json));
	if ('problem' in fields) return fields;
	const fileParameters = parameters.filter(({ kind }) => kind === 'file');
	const binary = fitColumns(fileParameters, files);
	if ('problem' in binary) return binary;

	const entered: Entered[] = [];
	for (const { kind, name } of parameters) {
		const file = kind === 'file' ? binary.value.columnOf({ kind, name }) : undefined;
		const column = fields.value.columnOf({ kind, name });
		const value = column === undefined ? undefined : (json[column] ?? undefined);
		if (file !== undefined) entered.push({ kind, name, input: file });
		else if (kind === 'file' && typeof value === 'object' && !isBinaryData(value)) {
			const numbered = files.filter((field) => isNumbered(field, column ?? name));
			if (numbered.length > 1) return { problem: severalFiles(name, numbered) };
			entered.push({ kind, name, input: numbered[0] ?? value, column });
		} else if (value !== undefined) entered.push({ kind, name, input: value, column });
	}
	const fileOf = (name: string) => entered.find((one) => one.kind === 'file' && one.name === name);
	const [missing, ...moreMissing] = fileParameters.filter(
		({ name }) => !namesAFile(fileOf(name)?.input),
	);
	const given = new Set(entered.flatMap(({ kind, input }) => (kind === 'file' ? [input] : [])));
	const isLeftForIt = missing !== undefined && moreMissing.length === 0 && files.length === 1;
	if (isLeftForIt && !given.has(files[0])) {
		const instead = fileOf(missing.name);
		if (instead) instead.input = files[0];
		else entered.push({ kind: 'file', name: missing.name, input: files[0] });
		given.add(files[0]);
	}
	const read = readAll(entered);
	if ('problem' in read) return read;
	if (read.value.length === 0) {
		const fitting = parameters.flatMap((parameter) => fields.value.columnOf(parameter) ?? []);
		const problem =
			fitting.length > 0
				? allEmpty(fitting)
				: noColumnFits(parameters, [...Object.keys(json), ...files]);
		return { problem };
	}
	const unusedFiles = files.filter((file) => !given.has(file));
	const unused = [...fields.value.unused, ...unusedFiles];
	return {
		value: {
			parameters: read.value,
			unused: unused.filter((column) => !ADDED_BY_N8N.includes(column)),
		},
	};
}

// What n8n's forms and sheets put beside what people enter: nothing is to be done about it.
const ADDED_BY_N8N = ['submittedAt', 'formMode', 'row_number'];

/** The parameters that a form was made for, as far as the saved form tells. */
export function parametersOfSchema(schema: unknown): WorkflowParameter[] {
	if (!Array.isArray(schema)) return [];
	return schema.flatMap((field: unknown) => {
		const parameter = isRecord(field) ? kindAndName(String(field.id)) : undefined;
		return parameter ?? [];
	});
}

function asDefault(value: string | undefined): string | undefined {
	return value === undefined ? undefined : literal(value);
}

type Named = Pick<WorkflowParameter, 'kind' | 'name'>;
type Entered = Named & { input: unknown; column?: string };

function keptFields(schema: unknown): Named[] {
	if (!Array.isArray(schema)) return [];
	return parametersOfSchema(
		schema.filter((field: unknown) => isRecord(field) && field.removed !== true),
	);
}

// What n8n's form tells of an upload is no file, nor where one is.
function namesAFile(input: unknown): boolean {
	return isBinaryData(input) || ((input ?? '') !== '' && typeof input !== 'object');
}

// n8n's form names the files of one field like this.
function isNumbered(field: string, name: string): boolean {
	return field.startsWith(`${name}_`) && /^\d+$/.test(field.slice(name.length + 1));
}

function severalFiles(name: string, files: string[]): Problem {
	return {
		message: `The item has several files for the file parameter '${name}'`,
		description: `They are in the binary fields ${listed(files.map((file) => `'${file}'`))}. Choose 'Map Each Column Manually' and enter one of them, or start a workflow for each with a Split Out node.`,
	};
}

function readAll(entered: Entered[]): Checked<Parameter[]> {
	const filled = entered.filter(({ kind, input }) => input !== '' || kind === 'text');
	return allOf(
		filled.map(({ kind, name, input, column }) =>
			readParameter(kind, name, input, column === undefined ? undefined : fieldOf('item', column)),
		),
	);
}

// As ComfyControl writes it, so that the kind is known without asking it.
function fieldId({ kind, name }: WorkflowParameter): string {
	return kind === 'choice' ? `#choice(${name})` : `$${kind}(${name})`;
}

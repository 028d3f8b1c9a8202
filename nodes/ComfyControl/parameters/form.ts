import type { ResourceMapperField } from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import { literal } from './literal';
import { kindAndName } from './placeholders';
import { shortened } from './shortened';
import type { Checked, Parameter } from './types';
import { allOf, readParameter } from './values';
import type { WorkflowParameter } from './workflowParameters';

/** The fields of the form for a workflow, filled with what its last run had. */
export function formFields(parameters: WorkflowParameter[]): ResourceMapperField[] {
	return parameters.map((parameter) => {
		const { kind, name, options, lastValue } = parameter;
		const field: ResourceMapperField = {
			id: fieldId(parameter),
			displayName: kind === 'file' ? `${shortened(name)} (binary field)` : shortened(name),
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
 * choices and files; an empty text is a text.
 *
 * @param entered the form's values with expressions resolved
 * @param written the form's values as they were written
 */
export function readForm(entered: unknown, written: unknown): Checked<Parameter[]> {
	if (!isRecord(entered)) return { value: [] };
	const isExpression = (id: string) => isRecord(written) && String(written[id]).startsWith('=');
	return readAll(
		Object.entries(entered).flatMap(([id, input]) => {
			const parameter = kindAndName(id);
			const isUnfilled = (input ?? undefined) === undefined && !isExpression(id);
			if (parameter === undefined || isUnfilled) return [];
			return { ...parameter, input };
		}),
	);
}

/** The incoming data that a form may be filled with. */
export interface Columns {
	json: Record<string, unknown>;
	binary: Record<string, unknown>;
}

/**
 * Fills a workflow's parameters with the item's fields of the same names: files with the binary field
 * of that name, or with the one that a field of that name names. Other fields are none of its business.
 */
export function readColumns(
	parameters: WorkflowParameter[],
	{ json, binary }: Columns,
): Checked<Parameter[]> {
	return readAll(
		parameters.flatMap(({ kind, name }) => {
			if (kind === 'file' && Object.hasOwn(binary, name)) return { kind, name, input: name };
			const input = Object.hasOwn(json, name) ? (json[name] ?? undefined) : undefined;
			return input === undefined ? [] : { kind, name, input };
		}),
	);
}

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

type Entered = Pick<WorkflowParameter, 'kind' | 'name'> & { input: unknown };

function readAll(entered: Entered[]): Checked<Parameter[]> {
	const filled = entered.filter(({ kind, input }) => input !== '' || kind === 'text');
	return allOf(filled.map(({ kind, name, input }) => readParameter(kind, name, input)));
}

// As ComfyControl writes it, so that the kind is known without asking it.
function fieldId({ kind, name }: WorkflowParameter): string {
	return kind === 'choice' ? `#choice(${name})` : `$${kind}(${name})`;
}

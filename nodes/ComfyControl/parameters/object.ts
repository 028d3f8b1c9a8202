import { isBinaryData, isRecord } from '../basics/guards';
import { fieldOf, fitColumns } from './columns';
import { isExpression } from './literal';
import { kindAndName, parameterName } from './placeholders';
import { shownValue } from './given';
import { wrong, type Checked, type Parameter, type ParameterKind } from './types';
import { allOf, readParameter } from './values';
import type { WorkflowParameter } from './workflowParameters';

const ADVICE =
	'Enter one object, such as { "prompt": "a barn", "input_image": "data", "sampler": "ddim" }.';

/**
 * The object of parameters that was entered, as JSON or by an expression that gives an object. Nothing at
 * all stands for an object without fields, unless an expression gave it.
 *
 * @param entered what was entered, with expressions resolved
 * @param written the same as it was written
 */
export function objectIn(entered: unknown, written: unknown): Checked<Record<string, unknown>> {
	const parsed = parsedJson(entered ?? '');
	if ('problem' in parsed) return parsed;
	const { value } = parsed;
	if (isRecord(value)) return { value };
	if (value !== '') {
		const kind = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
		return wrong(`The JSON of the parameters is ${kind}, not an object`, ADVICE);
	}
	return isExpression(written)
		? wrong("The expression of 'Parameters' gives nothing for this item", ADVICE)
		: { value: {} };
}

/**
 * Reads an object of parameters. Each field is a parameter of the workflow, as `fitColumns` understands
 * its name; where there is none its prefix says the kind, and without one it is a text. A field that is
 * null is left out.
 *
 * @param known what the workflow takes, as far as that is known
 */
export function readObject(
	object: Record<string, unknown>,
	known: WorkflowParameter[],
): Checked<Parameter[]> {
	const fields = Object.keys(object).filter((field) => (object[field] ?? undefined) !== undefined);
	const fit = fitColumns(known, fields, 'JSON');
	if ('problem' in fit) return fit;
	const { columnOf, unused } = fit.value;
	const fitting = known.flatMap((parameter) => {
		const field = columnOf(parameter);
		return field === undefined ? [] : readField(parameter.kind, parameter.name, field, object);
	});
	const others = unused.map((field) => {
		const kind = likelyKind(field, object[field]);
		const name = parameterName(field, kind);
		return 'problem' in name ? name : readField(kind, name.value, field, object);
	});
	return allOf([...fitting, ...others]);
}

function readField(
	kind: ParameterKind,
	name: string,
	field: string,
	object: Record<string, unknown>,
): Checked<Parameter> {
	return readParameter(kind, name, object[field], fieldOf('JSON', field));
}

function likelyKind(field: string, value: unknown): ParameterKind {
	const written = field.trim();
	const placeholder = kindAndName(written);
	if (placeholder) return placeholder.kind;
	if (written.startsWith('#')) return 'choice';
	return isBinaryData(value) ? 'file' : 'text';
}

function parsedJson(entered: unknown): Checked<unknown> {
	if (typeof entered !== 'string') return { value: shownValue(entered) };
	const text = entered.trim();
	if (text === '') return { value: '' };
	try {
		const value: unknown = JSON.parse(text);
		return { value };
	} catch (error) {
		const fault = error instanceof Error ? error.message : 'it can’t be read';
		return wrong(
			`The JSON of the parameters can't be read: ${fault}`,
			`${ADVICE} An expression inside it breaks it when its text has quotation marks or line breaks: let one expression give the whole object instead, such as {{ { prompt: $json.prompt } }}.`,
		);
	}
}

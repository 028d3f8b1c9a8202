import { isRecord } from '../basics/guards';
import { formFieldName, kindAndName, placeholdersIn } from './placeholders';
import type { ParameterKind } from './types';

/** A parameter that a workflow takes. */
export interface WorkflowParameter {
	kind: ParameterKind;
	name: string;
	/** What a choice offers, where that is known. */
	options?: string[];
	/** What it had in the last run, or has unless something else is given. */
	lastValue?: string;
	/** Whether places of the same name have other defaults, so that none is that of all. */
	defaultsDiffer?: true;
}

/** What a workflow's definition tells of its parameters. */
export interface ParameterList {
	parameters: WorkflowParameter[];
	/** Whether there are no others. */
	isComplete: boolean;
	/** Values in the definition that were meant to be placeholders and aren't. */
	malformed: string[];
}

/**
 * The parameters that a workflow takes: the placeholders of its definition with the values of its last
 * run. A definition in which the values stand already, or in the format of ComfyUI's editor, tells
 * nothing: then the parameters of the last run are all that is known.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/get
 */
export function workflowParameters(definition: unknown, lastParams: unknown): ParameterList {
	const lastRun = lastRunOf(lastParams);
	const { named, malformed } = placeholdersIn(definition);
	if (named.length === 0) {
		const isComplete = lastRun.length === 0 && isApiFormat(definition);
		return { parameters: lastRun.map(withKind), isComplete, malformed };
	}
	const lastValues = new Map(lastRun.map(({ field, value }) => [field, value]));
	const parameters = named.map((placeholder): WorkflowParameter => {
		const { kind, name } = placeholder;
		const lastValue = lastValues.get(formFieldName(placeholder));
		if (kind === 'choice') {
			const { options } = placeholder;
			return { kind, name, options, ...filledIn(lastValue, options[0], placeholder) };
		}
		if (kind === 'file') return { kind, name, lastValue };
		return { kind, name, ...filledIn(lastValue, placeholder.defaultValue, placeholder) };
	});
	return { parameters, isComplete: true, malformed };
}

function filledIn(
	lastValue: string | undefined,
	defaultValue: string | undefined,
	{ defaultsDiffer }: { defaultsDiffer?: true },
): Pick<WorkflowParameter, 'lastValue' | 'defaultsDiffer'> {
	return defaultsDiffer ? { lastValue, defaultsDiffer } : { lastValue: lastValue ?? defaultValue };
}

/** Whether it is a workflow as ComfyUI's API takes it: nodes by their id, each with its class. */
export function isApiFormat(definition: unknown): boolean {
	return (
		isRecord(definition) &&
		Object.values(definition).every((node) => isRecord(node) && 'class_type' in node)
	);
}

interface LastParam {
	/** As in the form. */
	field: string;
	kind: ParameterKind | undefined;
	name: string;
	value: string;
}

// Pairs of name and value. How the names are written is told by an example alone, so all ways are read.
function lastRunOf(params: unknown): LastParam[] {
	if (!Array.isArray(params)) return [];
	return params.flatMap((param: unknown): LastParam[] => {
		if (!Array.isArray(param)) return [];
		const [written, value]: unknown[] = param;
		if (typeof written !== 'string' || value === null || typeof value === 'object') return [];
		const target = targetOf(written.trim());
		return target ? [{ ...target, value: String(value) }] : [];
	});
}

function targetOf(written: string): Omit<LastParam, 'value'> | undefined {
	const placeholder = kindAndName(written);
	if (placeholder) return { ...placeholder, field: formFieldName(placeholder) };
	// Generated values, such as `$random()`, are no parameters.
	if (!/^[$#][^()]+$/.test(written)) return undefined;
	const kind = written.startsWith('#') ? 'choice' : undefined;
	return { kind, name: written.slice(1), field: written };
}

function withKind({ kind = 'text', name, value }: LastParam): WorkflowParameter {
	return { kind, name, lastValue: value };
}

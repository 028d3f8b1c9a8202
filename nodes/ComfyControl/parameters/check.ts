import { closest } from './closest';
import { listed } from './listed';
import { shortened } from './shortened';
import { wrong, type Checked, type Parameter, type Problem } from './types';
import type { ParameterList, WorkflowParameter } from './workflowParameters';

/**
 * Compares parameters with those that the workflow takes, for what ComfyControl would refuse.
 *
 * @returns the first that the workflow can't take, with what it can
 */
export function unfitParameter(
	parameters: Parameter[],
	{ parameters: known, isComplete, malformed }: ParameterList,
): Problem | undefined {
	for (const parameter of parameters) {
		const problem = unfit(parameter, known);
		if (problem === undefined) continue;
		if ('isUnknown' in problem && !isComplete) continue;
		const { message, description } = problem;
		return { message, description: `${description}${aboutMalformed(malformed)}` };
	}
	return undefined;
}

/**
 * The parameters for a workflow that has not run before: those that were entered, and for the others
 * their defaults. ComfyControl's own form fills these in; that its API does is not documented.
 *
 * @returns a problem when one has no value at all
 * @see https://docs.comfycontrol.app/concepts/templates
 */
export function completed(parameters: Parameter[], list: ParameterList): Checked<Parameter[]> {
	const unfit = unfitParameter(parameters, list);
	if (unfit) return { problem: unfit };

	const all = [...parameters];
	for (const { kind, name, lastValue } of list.parameters) {
		if (parameters.some((entered) => entered.kind === kind && entered.name === name)) continue;
		if (kind === 'file' || lastValue === undefined) {
			return wrong(
				`The ${kind} parameter '${name}' has no value`,
				`The workflow asks for it and has no default. Enter ${kind === 'file' ? 'the binary field with its file' : 'a value'}.`,
			);
		}
		all.push({ kind, name, value: lastValue });
	}
	return { value: all };
}

interface Unfit extends Problem {
	isUnknown?: true;
}

function unfit(parameter: Parameter, known: WorkflowParameter[]): Unfit | undefined {
	const namesakes = known.filter(({ name }) => name === parameter.name);
	const wanted = namesakes.find(({ kind }) => kind === parameter.kind) ?? namesakes.at(0);
	if (wanted === undefined) return { ...unknownName(parameter, known), isUnknown: true };
	if (wanted.kind !== parameter.kind) {
		return {
			message: `'${parameter.name}' is a ${wanted.kind} parameter of the workflow, but a ${parameter.kind} was entered for it`,
			description: `Remove it and enter it as a ${wanted.kind} parameter.`,
		};
	}
	return parameter.kind === 'choice' ? unknownChoice(parameter, wanted) : undefined;
}

function unknownName({ name }: Parameter, known: WorkflowParameter[]): Problem {
	if (known.length === 0) {
		return {
			message: `The workflow has no parameter '${name}': it takes none`,
			description:
				'Remove the parameter, or put a placeholder such as $text(prompt) into the workflow in ComfyUI and run it on ComfyControl once.',
		};
	}
	const names = known.map((parameter) => parameter.name);
	const meant = closest(name, names);
	return {
		message: `The workflow has no parameter '${name}'${meant === undefined ? '' : `: did you mean '${meant}'?`}`,
		description: `It takes ${listed(known.map(({ name: taken, kind }) => `'${taken}' (${kind})`))}. Correct the name, or remove the parameter.`,
	};
}

function unknownChoice(
	{ name, value }: Extract<Parameter, { kind: 'text' | 'choice' }>,
	{ options }: WorkflowParameter,
): Problem | undefined {
	if (options === undefined || options.includes(value)) return undefined;
	const meant = closest(value, options);
	return {
		message: `'${value}' is no choice of '${name}'${meant === undefined ? '' : `: did you mean '${meant}'?`}`,
		description: `The workflow offers ${listed(options.map((option) => `'${option}'`))}.`,
	};
}

function aboutMalformed(malformed: string[]): string {
	if (malformed.length === 0) return '';
	const shown = listed(malformed.map((text) => `'${shortened(text)}'`));
	return ` Not read as placeholders, because they aren't written like one: ${shown}.`;
}

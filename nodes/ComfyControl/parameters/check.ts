import { closest, listed, shortened } from './wording';
import { formFieldName } from './placeholders';
import { wrong, type Checked, type Parameter, type Problem } from './types';
import type { ParameterList, WorkflowParameter } from './workflowParameters';

/**
 * Compares parameters with those that the workflow takes, for what ComfyControl would refuse.
 *
 * @param definitionAdvice how a parameter gets into the workflow
 * @returns the first that the workflow can't take, with what it can
 */
export function unfitParameter(
	parameters: Parameter[],
	{ parameters: known, isComplete, malformed }: ParameterList,
	definitionAdvice = PAST_WORKFLOW_ADVICE,
): Problem | undefined {
	for (const parameter of parameters) {
		const problem = unfit(parameter, known, definitionAdvice);
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
	const unfit = unfitParameter(parameters, list, NEW_WORKFLOW_ADVICE);
	if (unfit) return { problem: unfit };

	const all = [...parameters];
	for (const { kind, name, lastValue, defaultsDiffer } of list.parameters) {
		if (parameters.some((entered) => entered.kind === kind && entered.name === name)) continue;
		// Each place keeps the default of its own.
		if (defaultsDiffer && lastValue === undefined) continue;
		if (kind === 'file' || lastValue === undefined) {
			return wrong(
				`The ${kind} parameter '${shortened(name)}' has no value`,
				`The workflow asks for it and has no default. Enter ${kind === 'file' ? 'the binary field or the URL with its file' : 'a value'}.`,
			);
		}
		all.push({ kind, name, value: lastValue });
	}
	const problem = sharedField(all);
	return problem ? { problem } : { value: all };
}

const PAST_WORKFLOW_ADVICE =
	'put a placeholder such as $text(prompt) into the workflow in ComfyUI and run it on ComfyControl once';
const NEW_WORKFLOW_ADVICE = 'put a placeholder such as $text(prompt) into the workflow JSON';

// Texts and files have the same fields in the request, so two of one name would be two parts of one.
function sharedField(parameters: Parameter[]): Problem | undefined {
	const kinds = new Map<string, string>();
	for (const parameter of parameters) {
		const field = formFieldName(parameter);
		const kind = kinds.get(field);
		if (kind !== undefined) {
			return {
				message: `The workflow has a ${kind} and a ${parameter.kind} parameter of the name '${parameter.name}'`,
				description: `Both would be sent as '${field}'. Give one of them another name in the workflow JSON.`,
			};
		}
		kinds.set(field, parameter.kind);
	}
	return undefined;
}

interface Unfit extends Problem {
	isUnknown?: true;
}

function unfit(
	parameter: Parameter,
	known: WorkflowParameter[],
	definitionAdvice: string,
): Unfit | undefined {
	const namesakes = known.filter(({ name }) => name === parameter.name);
	const wanted = namesakes.find(({ kind }) => kind === parameter.kind) ?? namesakes.at(0);
	if (wanted === undefined)
		return { ...unknownName(parameter, known, definitionAdvice), isUnknown: true };
	if (wanted.kind !== parameter.kind) {
		return {
			message: `'${shortened(parameter.name)}' is a ${wanted.kind} parameter of the workflow, but a ${parameter.kind} was entered for it`,
			description: `Remove it and enter it as a ${wanted.kind} parameter.`,
		};
	}
	return parameter.kind === 'choice' ? unknownChoice(parameter, wanted) : undefined;
}

function unknownName(
	{ name }: Parameter,
	known: WorkflowParameter[],
	definitionAdvice: string,
): Problem {
	if (known.length === 0) {
		return {
			message: `The workflow has no parameter '${shortened(name)}'. It has no parameters.`,
			description: `Remove the parameter, or ${definitionAdvice}.`,
		};
	}
	const names = known.map((parameter) => parameter.name);
	const meant = closest(name, names);
	return {
		message: `The workflow has no parameter '${shortened(name)}'${meant === undefined ? '' : `: did you mean '${shortened(meant)}'?`}`,
		description: `It takes ${listed(known.map(({ name: taken, kind }) => `'${shortened(taken)}' (${kind})`))}. Correct the name, or remove the parameter.`,
	};
}

function unknownChoice(
	{ name, value }: Extract<Parameter, { kind: 'text' | 'choice' }>,
	{ options }: WorkflowParameter,
): Problem | undefined {
	if (options === undefined || options.includes(value)) return undefined;
	if (options.length === 0) {
		return {
			message: `The workflow has several choices of the name '${name}' that offer nothing in common`,
			description: 'Give them different names in the workflow JSON.',
		};
	}
	const meant = closest(value, options);
	return {
		message: `'${shortened(value)}' is not an option of '${shortened(name)}'${meant === undefined ? '' : `: did you mean '${shortened(meant)}'?`}`,
		description: `The workflow offers ${listed(options.map((option) => `'${shortened(option)}'`))}.`,
	};
}

function aboutMalformed(malformed: string[]): string {
	if (malformed.length === 0) return '';
	const shown = listed(malformed.map((text) => `'${shortened(text)}'`));
	return ` Not read as placeholders, because they aren't written like one: ${shown}.`;
}

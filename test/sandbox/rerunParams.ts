import { validationFailed } from './apiError';
import type { Form } from './form';
import { defaultParam, formParams, missing } from './formParams';
import type { Param, SandboxWorkflow } from './jobs';
import { namedPlaceholders, type NamedPlaceholder } from './placeholders';
import type { Switches } from './switches';

/** The values that a rerun of `original` executes with, or the documented refusal. */
export function rerunParams(original: SandboxWorkflow, form: Form, switches: Switches): Param[] {
	if (form.size === 0 && switches.emptyRerun === 'refused') {
		throw validationFailed('no parameters were given');
	}
	return formParams(form, namedPlaceholders(original.workflowJson), switches, (placeholder) =>
		omitted(placeholder, original, switches),
	);
}

function omitted(
	placeholder: NamedPlaceholder,
	original: SandboxWorkflow,
	{ omittedFiles, omittedParameters }: Switches,
): Param | undefined {
	const { kind, name } = placeholder;
	const reading = kind === 'file' ? omittedFiles : omittedParameters;
	if (reading === 'refused') throw missing(placeholder);
	if (reading === 'defaults') return defaultParam(placeholder);
	return original.params.find((param) => param.kind === kind && param.name === name);
}

import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

import { PAST_WORKFLOW, TEMPLATE, type DefinitionSource } from '../fields/knownParameters';
import { isRecord } from '../basics/guards';
import { readDefinition } from '../parameters/definition';
import { entityIdIn, workflowIdIn } from '../parameters/ids';
import { formFields } from '../parameters/form';
import type { Checked } from '../parameters/types';
import { workflowParameters, type WorkflowParameter } from '../parameters/workflowParameters';

/** The form for the workflow that is chosen in the editor. @throws NodeApiError when it can't be read */
export async function workflowForm(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await formOf(this, PAST_WORKFLOW, workflowIdIn(chosen(this, 'workflowId')));
}

/** The form for the template that is chosen in the editor. @throws NodeApiError when it can't be read */
export async function templateForm(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await formOf(this, TEMPLATE, entityIdIn(chosen(this, 'templateId'), 'template'));
}

/** The form for the workflow JSON that is entered in the editor. */
export async function definitionForm(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	if (this.getNodeParameter('workflowSource', 'json') === 'binary') {
		return notice(
			"The form can't be made from a binary file, as it is there only during the execution. Choose 'Using Fields Below', or 'JSON' as the source.",
		);
	}
	const entered = this.getNodeParameter('workflowJson', '');
	if (typeof entered === 'string' && entered.trim() === '') {
		return notice('Enter the workflow JSON first, to see its parameters.');
	}
	const definition = readDefinition(entered);
	if ('problem' in definition) {
		const { message, description } = definition.problem;
		return notice(`${message}. ${description}`);
	}
	return form(workflowParameters(definition.value.parsed, undefined).parameters);
}

async function formOf(
	context: ILoadOptionsFunctions,
	{ noun, read }: DefinitionSource,
	id: Checked<string>,
): Promise<ResourceMapperFields> {
	if ('problem' in id) {
		// The editor would still show it when one is chosen, as it asks again only for a form that it shows.
		return isMappedAutomatically(context)
			? { fields: [] }
			: notice(`Choose a ${noun} first, to see its parameters.`);
	}
	return form((await read(context, { id: id.value })).list.parameters);
}

function isMappedAutomatically(context: ILoadOptionsFunctions): boolean {
	const form: unknown = context.getNodeParameter('parameterForm', {});
	return isRecord(form) && form.mappingMode === 'autoMapInputData';
}

function form(parameters: WorkflowParameter[]): ResourceMapperFields {
	// The editor shows the notice whenever it shows no fields, as with 'Map Automatically'.
	return parameters.length === 0
		? notice('This workflow has no parameters: it has no placeholders such as $text(prompt).')
		: { fields: formFields(parameters) };
}

// The editor draws it as HTML, and what is wrong with a JSON quotes it.
function notice(text: string): ResourceMapperFields {
	const emptyFieldsNotice = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
	return { fields: [], emptyFieldsNotice };
}

function chosen(context: ILoadOptionsFunctions, field: string): unknown {
	return context.getNodeParameter(field, undefined, { extractValue: true });
}

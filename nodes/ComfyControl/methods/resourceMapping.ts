import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

import { PAST_WORKFLOW, TEMPLATE, type DefinitionSource } from '../fields/knownParameters';
import { readDefinition } from '../parameters/definition';
import { entityIdIn } from '../parameters/entityId';
import { formFields } from '../parameters/form';
import type { Checked } from '../parameters/types';
import { workflowIdIn } from '../parameters/workflowId';
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
	const definition = readDefinition(this.getNodeParameter('workflowJson', ''));
	if ('problem' in definition) {
		return {
			fields: [],
			emptyFieldsNotice: 'Enter the workflow JSON first, to see its parameters.',
		};
	}
	return form(workflowParameters(definition.value.parsed, undefined).parameters);
}

async function formOf(
	context: ILoadOptionsFunctions,
	{ get, parametersOf }: DefinitionSource,
	id: Checked<string>,
): Promise<ResourceMapperFields> {
	if ('problem' in id) {
		return {
			fields: [],
			emptyFieldsNotice: `Choose a ${get.noun} first, to see its parameters.`,
		};
	}
	return form(parametersOf(await get(context, { id: id.value })).parameters);
}

function form(parameters: WorkflowParameter[]): ResourceMapperFields {
	return {
		fields: formFields(parameters),
		emptyFieldsNotice: 'There are no parameters in this workflow.',
	};
}

function chosen(context: ILoadOptionsFunctions, field: string): unknown {
	return context.getNodeParameter(field, undefined, { extractValue: true });
}

import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

import { formFields } from '../parameters/form';
import { workflowIdIn } from '../parameters/workflowId';
import { workflowParameters } from '../parameters/workflowParameters';
import { getWorkflow } from '../transport/workflow';

/**
 * The form for the workflow that is chosen in the editor.
 *
 * @throws NodeApiError when the workflow can't be read
 */
export async function workflowForm(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const chosen = this.getNodeParameter('workflowId', undefined, { extractValue: true });
	const id = workflowIdIn(chosen);
	if ('problem' in id) {
		return { fields: [], emptyFieldsNotice: 'Choose a workflow first, to see its parameters.' };
	}
	const workflow = await getWorkflow(this, id.value);
	const { parameters } = workflowParameters(workflow.workflow_json, workflow.workflow_params);
	return {
		fields: formFields(parameters),
		emptyFieldsNotice: 'This workflow takes no parameters.',
	};
}

import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { startAndFollow } from '../../batch/startAndFollow';
import { isEntity, type Entity } from '../../api/endpoint';
import { getTemplate, getTemplateText } from '../../api/templates';
import { createWorkflow, firstRunForm } from '../../api/workflows';
import { readOnce } from '../../basics/remembered';
import { checkedDefinition } from '../../fields/definition';
import { entityIdOf, templateField } from '../../fields/locators';
import { prepareFirstRun, tagsField } from '../../fields/firstRun';
import { templateParameters } from '../../fields/knownParameters';
import type { Operation } from '../operation';
import { parameterFields } from '../../fields/parameterFields';
import { runFields, runSettingsOf, runsPerItemOf } from '../../fields/runs';
import { requestBytes } from '../../parameters/size';
import { memberText } from '../../parameters/jsonText';
import { parsedJson } from '../../transport/answerBody';

export const option: INodePropertyOptions = {
	name: 'Run',
	value: 'run',
	action: 'Run template',
	description: 'Run a template with texts, files and choices',
};

const nameOption: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Lighthouse at dawn',
	description: 'What the workflow is called in ComfyControl, instead of the name of the template',
};

export const fields: INodeProperties[] = [
	templateField,
	...parameterFields('templateForm', 'templateId.value'),
	...runFields([nameOption, tagsField]),
];

/**
 * Starts a workflow from each item's template. The API has no endpoint for that: the template is read,
 * and its JSON is run like any other.
 */
export const execute: Operation = async (context, policy) => {
	const templates = readOnce(async (id, itemIndex) => await readTemplate(context, id, itemIndex));
	return await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const id = entityIdOf(context, 'templateId', getTemplate.noun, itemIndex);
			const { template, definition } = await templates(id, itemIndex);
			const name = context.getNodeParameter('options.name', itemIndex, '') || template.name;
			return await prepareFirstRun(context, itemIndex, name, async () => ({
				definition: checkedDefinition(context, definition, itemIndex).text,
				list: templateParameters(template),
			}));
		},
		sizeBytes: (firstRun) => requestBytes(firstRunForm(firstRun)),
		submit: async (firstRun, more) => await createWorkflow(context, firstRun, more),
		runsPerItem: (itemIndex) => runsPerItemOf(context, itemIndex),
		waitSettings: (itemIndex) => runSettingsOf(context, itemIndex),
	});
};

interface ReadTemplate {
	template: Entity;
	/** As it stands at ComfyControl, or the text that it is. */
	definition: unknown;
}

async function readTemplate(
	context: IExecuteFunctions,
	id: string,
	itemIndex: number,
): Promise<ReadTemplate> {
	const text = await getTemplateText(context, { id }, { itemIndex });
	const template = parsedJson(text);
	if (!isEntity(template)) return { template: { id }, definition: undefined };
	// Parsed and written again, seeds above 2^53 would be others.
	const definition = typeof template.body === 'string' ? template.body : memberText(text, 'body');
	return { template, definition };
}

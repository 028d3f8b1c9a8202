import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { memberText } from '../../parameters/memberText';
import { startAndFollow } from '../../runs/startAndFollow';
import { parsedJson } from '../../transport/answerBody';
import { getOneAsText, isEntity, TEMPLATES, type Entity } from '../../transport/collections';
import { checkedDefinition } from '../common/definitionFields';
import { entityIdOf } from '../common/entityId';
import { prepareFirstRun, startFirstRun, tagsField } from '../common/firstRun';
import { TEMPLATE } from '../common/knownParameters';
import { templateField } from '../common/locators';
import type { Operation } from '../common/operation';
import { parameterFields } from '../common/parameterFields';
import { runFields, runSettingsOf } from '../common/waitFields';

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
 *
 * @see https://docs.comfycontrol.app/api/endpoints/templates/get
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/create
 */
export const execute: Operation = async (context, policy) => {
	const read = new Map<string, Promise<ReadTemplate>>();
	const templateOf = async (itemIndex: number) => {
		const id = entityIdOf(context, 'templateId', TEMPLATES, itemIndex);
		const template = read.get(id) ?? readTemplate(context, id, itemIndex);
		read.set(id, template);
		return await template;
	};
	return await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const { template, definition } = await templateOf(itemIndex);
			const name = context.getNodeParameter('options.name', itemIndex, '') || template.name;
			return await prepareFirstRun(context, itemIndex, name, async () => ({
				definition: checkedDefinition(context, definition, itemIndex).text,
				list: TEMPLATE.parametersOf(template),
			}));
		},
		submit: async (firstRun, start) => await startFirstRun(context, firstRun, start),
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
	const text = await getOneAsText(context, TEMPLATES, id, { itemIndex });
	const template = parsedJson(text);
	if (!isEntity(template)) return { template: { id }, definition: undefined };
	// Parsed and written again, seeds above 2^53 would be others.
	const definition = typeof template.body === 'string' ? template.body : memberText(text, 'body');
	return { template, definition };
}

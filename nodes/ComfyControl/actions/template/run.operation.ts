import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { startAndFollow } from '../../batch/startAndFollow';
import { getOne, TEMPLATES, type Entity } from '../../api/collections';
import { checkedDefinition } from '../../fields/definition';
import { entityIdOf } from '../common/entityId';
import { prepareFirstRun, startFirstRun, tagsField } from '../../fields/firstRun';
import { TEMPLATE } from '../../fields/knownParameters';
import { templateField } from '../../fields/locators';
import type { Operation } from '../common/operation';
import { parameterFields } from '../../fields/parameterFields';
import { runFields, runSettingsOf } from '../../fields/waiting';

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
	const read = new Map<string, Promise<Entity>>();
	const templateOf = async (itemIndex: number) => {
		const id = entityIdOf(context, 'templateId', TEMPLATES, itemIndex);
		const template = read.get(id) ?? getOne(context, TEMPLATES, id, { itemIndex });
		read.set(id, template);
		return await template;
	};
	return await startAndFollow(context, policy, {
		prepare: async (itemIndex) => {
			const template = await templateOf(itemIndex);
			const name = context.getNodeParameter('options.name', itemIndex, '') || template.name;
			return await prepareFirstRun(context, itemIndex, name, async () => ({
				definition: checkedDefinition(context, template.body, itemIndex).text,
				list: TEMPLATE.parametersOf(template),
			}));
		},
		submit: async (firstRun, start) => await startFirstRun(context, firstRun, start),
		waitSettings: (itemIndex) => runSettingsOf(context, itemIndex),
	});
};

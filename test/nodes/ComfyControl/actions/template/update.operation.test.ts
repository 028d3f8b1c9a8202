import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { othersTemplateId } from '../../../../sandbox';
import { inlineFile } from '../../../../support/engine';
import { SOURCES, TEXT, WRONG_SOURCES } from '../../../../support/definitionSources';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	refusal,
	SEEDS,
	stage,
} from '../../../../support/stage';

const update = (updateFields: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
	resource: 'template',
	operation: 'update',
	templateId: byId(SEEDS.templates.video),
	updateFields,
	...more,
});
const RENAME = update({ name: 'New name' });

/** Update has no choice of the source: the field that was added tells. */
function withoutSource(parameters: INodeParameters): INodeParameters {
	const fields = Object.entries(parameters).filter(([name]) => name !== 'workflowSource');
	return Object.fromEntries(fields);
}

describe('updating a template', () => {
	const at = stage();
	const template = () => at.sandbox.templates.find(({ id }) => id === SEEDS.templates.video);

	it.each<[string, INodeParameters]>([
		['name', { name: 'New name' }],
		['description', { description: 'two\nlines' }],
	])('sends the %s and nothing else', async (field, updateFields) => {
		const before = template();
		const { outputs } = await at.run(update(updateFields));
		const value = updateFields[field];
		expect(at.sandbox.requests).toMatchObject([
			{
				method: 'PUT',
				path: `/v1/template/${SEEDS.templates.video}`,
				fields: [{ name: field, value }],
				files: [],
				status: 200,
			},
		]);
		expect(template()).toEqual({ ...before, [field]: value, updatedAtMs: expect.any(Number) });
		expect(outputs[0]).toMatchObject([
			{ json: { id: SEEDS.templates.video, [field]: value }, pairedItem: { item: 0 } },
		]);
	});

	it.each(SOURCES)('takes new JSON from $what', async ({ parameters, item, sent }) => {
		const { run } = await at.run(update(withoutSource(parameters)), { items: [item] });
		expect(run.status).toBe('success');
		const [{ fields, files }] = at.sandbox.requests;
		expect(fields).toEqual([]);
		expect(files).toMatchObject([{ fieldName: 'body', fileName: 'workflow.json' }]);
		expect(files[0].content.toString()).toBe(sent);
		expect(template()).toMatchObject({ name: 'Short Video', body: { text: sent } });
	});

	it.each([
		['without its large JSON', {}, false],
		['untouched with Simplify off', { simplify: false }, true],
	])('hands on the answer %s', async (_how, more, hasBody) => {
		const { outputs } = await at.run(update({ workflowJson: TEXT }, more));
		expect('body' in outputs[0][0].json).toBe(hasBody);
	});

	it.each(WRONG_SOURCES.filter(({ what }) => what !== 'no JSON'))(
		'sends nothing when there is $what',
		async ({ parameters, item, message }) => {
			const { error } = await at.run(update(withoutSource(parameters)), { items: [item] });
			expect(error.message).toMatch(message);
			expect(at.sandbox.requests).toEqual([]);
		},
	);

	const twice: INodeExecutionData = { json: {}, binary: { data: inlineFile(Buffer.from(TEXT)) } };
	it.each<[string, INodeParameters, string]>([
		['no field', {}, 'There is nothing to update'],
		['an empty name', { name: '' }, "'Name' is empty"],
		['a long name', { name: 'x'.repeat(101) }, "'Name' has 101 characters"],
		['an empty description', { description: ' ' }, "'Description' is empty"],
		['a long description', { description: 'x'.repeat(501) }, "'Description' has 501 characters"],
		['an empty JSON', { workflowJson: '' }, 'No workflow JSON is given'],
		[
			'a field without a value',
			{ name: 'x', workflowJson: '={{ $json.nothing }}' },
			'There is no value for the field to update: workflowJson',
		],
		[
			'JSON twice',
			{ workflowJson: TEXT, workflowBinaryPropertyName: 'data' },
			'The workflow JSON is given twice, as JSON and as a file',
		],
	])('sends nothing when there is %s', async (_what, updateFields, message) => {
		const { error } = await at.run(update(updateFields), { items: [twice] });
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(at.sandbox.requests).toEqual([]);
	});

	it('explains a refusal (400)', async () => {
		at.sandbox.failNext({ on: {}, ...refusal(400, 'invalid JSON in body') });
		const { error } = await at.run(RENAME);
		expect(error).toMatchObject({
			message: 'Invalid JSON in body',
			description: 'Check what you entered against the sentence above.',
		});
	});

	const renameOf = (id: string) => ({ ...RENAME, templateId: byId(id) });
	itExplainsWrongIds(at, renameOf, 'template', othersTemplateId);
	itExplainsCommonErrors(at, RENAME, 'PUT');
	itWorksItemByItem(at, RENAME, 'PUT');
});

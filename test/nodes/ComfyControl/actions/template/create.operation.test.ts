import type { INodeParameters } from 'n8n-workflow';

import { SOURCES, TEXT, WRONG_SOURCES } from '../../../../support/definitionSources';
import {
	itExplainsCommonErrors,
	itWorksItemByItem,
	refusal,
	runApart,
	stage,
} from '../../../../support/stage';

const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'template',
	operation: 'create',
	name: 'Barn',
	description: 'Takes a prompt',
	workflowJson: TEXT,
	...more,
});

describe('creating a template', () => {
	const at = stage();

	it('sends a form with the JSON as a file', async () => {
		await at.run(create({ name: 'Scheune – 🏚', description: 'one\ntwo' }));
		expect(at.sandbox.requests).toMatchObject([
			{
				method: 'POST',
				path: '/v1/template',
				fields: [
					{ name: 'name', value: 'Scheune – 🏚' },
					{ name: 'description', value: 'one\ntwo' },
				],
				files: [{ fieldName: 'body', fileName: 'workflow.json', mimeType: 'application/json' }],
				status: 201,
			},
		]);
	});

	it.each(SOURCES)('takes its JSON from $what', async ({ parameters, item, sent }) => {
		const { run } = await at.run(create({ workflowJson: '', ...parameters }), { items: [item] });
		expect(run.status).toBe('success');
		expect(at.sandbox.requests[0].files[0].content.toString()).toBe(sent);
	});

	it.each([
		['without its large JSON', {}, false],
		['untouched with Simplify off', { simplify: false }, true],
	])('hands on the answer %s', async (_how, more, hasBody) => {
		const { outputs } = await at.run(create(more));
		expect(outputs[0]).toEqual([
			{
				json: {
					id: at.sandbox.templates.at(-1)?.id,
					user_id: expect.any(String),
					name: 'Barn',
					description: 'Takes a prompt',
					...(hasBody && { body: JSON.parse(TEXT) }),
					created_at: expect.any(String),
					updated_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('takes a 200 for success too', async () => {
		const { run, sandbox } = await runApart({ switches: { createStatus: 200 } }, create());
		expect([run.status, sandbox.templates.length]).toEqual(['success', 4]);
	});

	it.each(WRONG_SOURCES)(
		'sends nothing when there is $what',
		async ({ parameters, item, message }) => {
			const { error } = await at.run(create({ workflowJson: '', ...parameters }), {
				items: [item],
			});
			expect(error.message).toMatch(message);
			expect(error.context.itemIndex).toBe(0);
			expect(at.sandbox.requests).toEqual([]);
		},
	);

	it.each<[string, INodeParameters, string]>([
		['no name', { name: '={{ $json.nothing }}' }, "'Name' is empty"],
		['a long name', { name: 'x'.repeat(101) }, "'Name' has 101 characters"],
		['no description', { description: '={{ $json.nothing }}' }, "'Description' is empty"],
		['a long description', { description: 'x'.repeat(501) }, "'Description' has 501 characters"],
	])('sends nothing when there is %s', async (_what, more, message) => {
		const { error } = await at.run(create(more));
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(at.sandbox.requests).toEqual([]);
	});

	it('takes as much as is allowed', async () => {
		const { run } = await at.run(create({ name: '🏚'.repeat(100), description: '🏚'.repeat(500) }));
		expect(run.status).toBe('success');
	});

	it('explains a limit of the plan (403)', async () => {
		const { error } = await runApart({ switches: { templateLimit: 2 } }, create());
		expect(error).toMatchObject({
			httpCode: '403',
			message: 'Template limit exceeded for your tier',
			description: expect.stringContaining('Check your plan'),
		});
	});

	it.each([
		[400, 'invalid JSON in body', 'Invalid JSON in body', 'Check what you entered'],
		[400, 'file size exceeds 50MB limit', 'File size exceeds 50MB limit', '50 MB in all'],
		[413, '', 'The request is larger than ComfyControl accepts', '50 MB in all'],
	])('explains a refusal (%d): %s', async (status, said, message, advice) => {
		at.sandbox.failNext({ on: {}, ...refusal(status, said) });
		const { error } = await at.run(create());
		expect(error).toMatchObject({ message, description: expect.stringContaining(advice) });
	});

	itExplainsCommonErrors(at, create(), 'POST');
	itWorksItemByItem(at, create(), 'POST');
});

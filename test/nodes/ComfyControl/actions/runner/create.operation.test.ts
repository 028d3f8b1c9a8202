import type { INodeParameters } from 'n8n-workflow';

import {
	itExplainsCommonErrors,
	itWorksItemByItem,
	refusal,
	rows,
	runApart,
	stage,
} from '../../../../support/stage';

const SECRET = 'Basic aHVudGVyMg==';
const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'runner',
	operation: 'create',
	name: 'GPU box',
	endpoint: 'https://comfyui.example.com',
	...more,
});
const headers = (...header: INodeParameters[]): INodeParameters => ({ header });
const AUTHORIZATION = { name: 'Authorization', value: SECRET };

describe('creating a runner', () => {
	const at = stage();

	it('sends what was entered as JSON', async () => {
		await at.run(
			create({
				name: '={{ $json.name }}',
				endpoint: ' http://192.168.1.9:8188\n',
				tags: ['gpu-a100, video', 'gpu-a100'],
				headers: headers(AUTHORIZATION, { name: 'X-Empty', value: '' }),
			}),
			{ items: rows({ name: 'Büro – 🖥' }) },
		);
		expect(at.sandbox.requests).toMatchObject([
			{
				method: 'POST',
				path: '/v1/runner',
				headers: { 'content-type': expect.stringContaining('application/json') },
				status: 201,
			},
		]);
		expect(at.sandbox.requests[0].json).toEqual({
			name: 'Büro – 🖥',
			endpoint: 'http://192.168.1.9:8188',
			tags: ['gpu-a100', 'video'],
			headers: { Authorization: SECRET, 'X-Empty': '' },
		});
	});

	it.each([
		['without the values of its headers', {}, '***'],
		['with them when they are wanted', { showHeaderValues: true }, SECRET],
	])('hands on the answer %s', async (_how, options, value) => {
		const { outputs } = await at.run(create({ headers: headers(AUTHORIZATION), options }));
		expect(outputs[0]).toEqual([
			{
				json: {
					id: at.sandbox.runners.at(-1)?.id,
					user_id: expect.any(String),
					name: 'GPU box',
					status: 'active',
					endpoint: 'https://comfyui.example.com',
					tags: [],
					headers: { Authorization: value },
					created_at: expect.any(String),
					updated_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(at.sandbox.runners.at(-1)?.headers).toEqual({ Authorization: SECRET });
	});

	it('takes a 200 for success too', async () => {
		const { run, sandbox } = await runApart({ switches: { createStatus: 200 } }, create());
		expect([run.status, sandbox.runners.length]).toEqual(['success', 5]);
	});

	it.each<[string, INodeParameters, string]>([
		['no name', { name: '={{ $json.nothing }}' }, "'Name' is empty"],
		['an empty name', { name: ' ' }, "'Name' is empty"],
		['a long name', { name: 'x'.repeat(101) }, "'Name' has 101 characters"],
		['no endpoint', { endpoint: '={{ $json.nothing }}' }, "'Endpoint' is not a valid URL"],
		['an endpoint without http', { endpoint: 'comfyui:8188' }, "'Endpoint' is not a valid URL"],
		['eleven tags', { tags: [...'abcdefghijk'] }, 'There are 11 tags'],
		[
			'a tag without a value',
			{ tags: ['={{ $json.nothing }}'] },
			"'Tags' holds a tag without a value",
		],
		[
			'a wrong header',
			{ headers: headers({ name: `Authorization: ${SECRET}`, value: '' }) },
			"'Authorization' can't be the name of a header",
		],
		[
			'a header over two lines',
			{ headers: headers({ name: 'Authorization', value: `${SECRET}\nX-Key: 1` }) },
			"The value of the header 'Authorization' has a line break",
		],
		[
			'a header twice',
			{ headers: headers(AUTHORIZATION, { name: 'authorization', value: 'x' }) },
			"The header 'authorization' is entered more than once",
		],
		[
			'a header without a value',
			{ headers: headers({ name: 'Authorization', value: '={{ $json.nothing }}' }) },
			"The header 'Authorization' has no value",
		],
	])('sends nothing when there is %s', async (_what, more, message) => {
		const { error } = await at.run(create(more));
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(JSON.stringify(error)).not.toContain('aHVudGVyMg');
		expect(at.sandbox.requests).toEqual([]);
	});

	it('takes as much as is allowed', async () => {
		const { run } = await at.run(create({ name: '🌊'.repeat(100), tags: [...'abcdefghij'] }));
		expect(run.status).toBe('success');
	});

	it.each([
		[403, 'Runner limit exceeded for your tier', { runnerLimit: 3 }, 'https://x.example.com'],
		[400, 'Endpoint is not reachable', { privateEndpoints: 'refused' }, 'http://localhost:8188'],
	] as const)('explains a refusal (%d): %s', async (status, message, switches, endpoint) => {
		const { error, sandbox } = await runApart({ switches }, create({ endpoint }));
		expect(error).toMatchObject({ httpCode: String(status), message });
		expect(sandbox.runners).toHaveLength(4);
	});

	it.each([
		[400, `Invalid header Authorization: ${SECRET}`, 'Invalid header Authorization: ***'],
		[403, `The runner with ${SECRET} exists`, 'The runner with *** exists'],
		[500, `Panic at {"Authorization":"${SECRET}"}`, 'Panic at {"Authorization":"***"}'],
	])('never repeats a header’s value from an error (%d)', async (status, said, shown) => {
		at.sandbox.failNext({ on: {}, ...refusal(status, said) });
		const authorization = { name: 'Authorization', value: '={{ $json.secret }}' };
		const parameters = create({ headers: headers(authorization) });
		const { error, run } = await at.run(parameters, { items: rows({ secret: SECRET }) });
		expect(error.message).toBe(shown);
		expect(JSON.stringify([error, run.data.resultData.error])).not.toContain('aHVudGVyMg');
	});

	itExplainsCommonErrors(at, create(), 'POST');
	itWorksItemByItem(at, create(), 'POST');

	it('shows no part of a header that ComfyControl repeats', async () => {
		const [, word] = SECRET.split(' ');
		at.sandbox.failNext({ on: { method: 'POST' }, ...refusal(400, `bad header ${word}`) });
		const { error } = await at.run(create({ headers: headers(AUTHORIZATION) }));
		expect(error.message).toBe('Bad header ***');
		expect(JSON.stringify(error)).not.toContain(word);
	});
});

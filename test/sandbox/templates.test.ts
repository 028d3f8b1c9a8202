import { othersTemplateId } from './index';
import { formOf, jsonFile, textAt, trial, valueAt, type Fields } from './testkit';

const body = { '1': { class_type: 'SaveImage', inputs: { filename_prefix: '$timestamp()' } } };

const everything = (): Fields => ({
	name: 'My template',
	description: 'What I always do',
	body: jsonFile(body),
});

const without = (field: string) =>
	Object.fromEntries(Object.entries(everything()).filter(([name]) => name !== field));

const created = async ({ post }: { post: (path: string, form: FormData) => Promise<unknown> }) =>
	textAt(valueAt(await post('/v1/template', formOf(everything())), 'json'), 'id');

/** What neither POST nor PUT takes. */
const refusedFields: Array<[string, Fields, string]> = [
	['an empty name', { name: '' }, 'name cannot be empty'],
	['a name over 100 characters', { name: 'n'.repeat(101) }, 'name cannot be longer than 100'],
	['an empty description', { description: '' }, 'description cannot be empty'],
	['one over 500', { description: 'd'.repeat(501) }, 'description cannot be longer than 500'],
	['invalid JSON in the file', { body: jsonFile('{nodes}') }, 'invalid JSON in body'],
	['JSON that is no object', { body: jsonFile('"text"') }, 'invalid JSON in body'],
	['a file as name', { name: jsonFile('name') }, 'name must be text'],
];

describe('POST /v1/template', () => {
	it('answers the template with its body as an object [T-CREATE]', async () => {
		const { post, sandbox } = await trial();
		const { status, json } = await post('/v1/template', formOf(everything()));
		expect(status).toBe(201);
		expect(json).toEqual({
			id: expect.stringMatching(/^[\da-f-]{36}$/),
			user_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
			name: 'My template',
			description: 'What I always do',
			body,
			created_at: '2024-06-01T12:00:00.000Z',
			updated_at: '2024-06-01T12:00:00.000Z',
		});
		expect(sandbox.templates.at(-1)).toMatchObject({
			name: 'My template',
			body: { value: body },
		});
	});

	it('keeps the JSON as it was uploaded, to the last digit', async () => {
		const { post, get } = await trial();
		const written = '{ "9": {"seed": 18446744073709551615, "cfg": 24.0}, "1": {} }';
		const fields = { ...everything(), body: jsonFile(written) };
		const answer = await post('/v1/template', formOf(fields));
		const read = await get(`/v1/template/${textAt(answer.json, 'id')}`);
		expect([answer.text, read.text]).toEqual([
			expect.stringContaining(`"body":${written}`),
			expect.stringContaining(`"body":${written}`),
		]);
	});

	it('takes any object, in the UI format too: the examples are [T-CREATE]', async () => {
		const { post } = await trial();
		const uiFormat = { nodes: [], links: [], config: {} };
		const fields = { ...everything(), body: jsonFile(uiFormat) };
		expect(valueAt((await post('/v1/template', formOf(fields))).json, 'body')).toEqual(uiFormat);
	});

	it('takes names of 100 and descriptions of 500 characters [T-CREATE]', async () => {
		const { post } = await trial();
		const fields = { ...everything(), name: 'n'.repeat(100), description: '猫'.repeat(500) };
		expect((await post('/v1/template', formOf(fields))).status).toBe(201);
	});

	it.each(['name', 'description', 'body'])('needs a %s [T-CREATE]', async (field) => {
		const { post, sandbox } = await trial();
		const { json } = await post('/v1/template', formOf(without(field)));
		expect(json).toEqual({ status: 400, message: `${field} is required` });
		expect(sandbox.templates).toHaveLength(3);
	});

	it.each(refusedFields)('refuses %s with 400 [T-CREATE]', async (_case, fields, message) => {
		const { post } = await trial();
		const { json } = await post('/v1/template', formOf({ ...everything(), ...fields }));
		expect(json).toEqual({ status: 400, message: expect.stringContaining(message) });
	});

	it('refuses JSON instead of a form, and more than 50 MB [API] [T-CREATE]', async () => {
		const { post, send } = await trial();
		expect((await send('POST', '/v1/template', { ...everything(), body })).status).toBe(400);
		const big = new File([Buffer.alloc(50 * 1024 * 1024)], 'big.json');
		const { json } = await post('/v1/template', formOf({ ...everything(), body: big }));
		expect(json).toEqual({ status: 400, message: 'File size exceeds 50MB limit' });
	});
});

describe('GET /v1/template', () => {
	it('lists newest first, without bodies, with the total [T-LIST]', async () => {
		const bench = await trial();
		const id = await created(bench);
		const { status, json } = await bench.get('/v1/template');
		expect(status).toBe(200);
		expect(valueAt(json, 'total')).toBe(3);
		const { textToImage, video } = bench.sandbox.seeds.templates;
		expect([0, 1, 2, 3].map((i) => valueAt(json, `templates.${i}.id`))).toEqual([
			id,
			textToImage,
			video,
			undefined,
		]);
		expect(Object.keys(Object(valueAt(json, 'templates.0')))).toEqual([
			'id',
			'user_id',
			'name',
			'description',
			'created_at',
			'updated_at',
		]);
	});

	it('pages, and has no status filter [API] [T-LIST]', async () => {
		const { get, sandbox } = await trial();
		const { json } = await get('/v1/template?per_page=1&page=2&status=anything');
		expect(json).toMatchObject({ total: 2, templates: [{ id: sandbox.seeds.templates.video }] });
		expect((await get('/v1/template?per_page=101')).status).toBe(400);
	});
});

describe('GET /v1/template/{id}', () => {
	it('has the definition, placeholders and all [T-GET] [C-TPL]', async () => {
		const { get, sandbox } = await trial();
		const { status, json } = await get(`/v1/template/${sandbox.seeds.templates.textToImage}`);
		expect(status).toBe(200);
		expect(json).toMatchObject({
			name: 'Text to Image',
			body: {
				'6': { inputs: { text: '$text(prompt)' } },
				'10': { inputs: { image: '$file(input_image)' } },
			},
		});
	});

	it('can be run by uploading the body as a workflow (§2.4)', async () => {
		const { get, post, sandbox } = await trial();
		const { json } = await get(`/v1/template/${sandbox.seeds.templates.video}`);
		const workflow_json = jsonFile(valueAt(json, 'body'));
		const fields = { name: 'From a template', workflow_json, $prompt: 'waves' };
		expect((await post('/v1/workflow', formOf(fields))).status).toBe(201);
		expect(sandbox.workflows.at(-1)?.params[0]).toMatchObject({ value: 'waves' });
	});
});

describe('PUT /v1/template/{id}', () => {
	it('changes only what is sent [T-UPDATE]', async () => {
		const bench = await trial();
		const id = await created(bench);
		bench.clock.ms += 1000;
		const fields = { description: 'New words' };
		const { status, json } = await bench.send('PUT', `/v1/template/${id}`, formOf(fields));
		expect(status).toBe(200);
		expect(json).toMatchObject({
			id,
			name: 'My template',
			description: 'New words',
			body,
			created_at: '2024-06-01T12:00:00.000Z',
			updated_at: '2024-06-01T12:00:01.000Z',
		});
		expect((await bench.get(`/v1/template/${id}`)).json).toEqual(json);
	});

	it('changes all of it, and keeps its place in the list [T-UPDATE] [T-LIST]', async () => {
		const { send, get, sandbox } = await trial();
		const { video } = sandbox.seeds.templates;
		const { json } = await send('PUT', `/v1/template/${video}`, formOf(everything()));
		expect(json).toMatchObject({ name: 'My template', description: 'What I always do', body });
		expect(textAt((await get('/v1/template')).json, 'templates.1.id')).toBe(video);
	});

	it.each(refusedFields)('refuses %s with 400 [T-UPDATE]', async (_case, fields, message) => {
		const { send, sandbox } = await trial();
		const before = sandbox.templates;
		const path = `/v1/template/${sandbox.seeds.templates.video}`;
		const { json } = await send('PUT', path, formOf(fields));
		expect(json).toEqual({ status: 400, message: expect.stringContaining(message) });
		expect(sandbox.templates).toEqual(before);
	});

	it('is not stopped by the template limit of the tier [T-UPDATE]', async () => {
		const { send, sandbox } = await trial({ switches: { templateLimit: 0 } });
		const path = `/v1/template/${sandbox.seeds.templates.video}`;
		expect((await send('PUT', path, formOf(everything()))).status).toBe(200);
	});
});

describe('templates', () => {
	it.each([
		['an unknown id', '00000000-0000-4000-8000-000000000000', 404],
		['another user’s template', othersTemplateId, 404],
		['an id that is no UUID', 'nonsense', 400],
	])('refuse %s [ERR] [T-GET] [T-UPDATE]', async (_case, id, status) => {
		const { get, send } = await trial();
		expect(await get(`/v1/template/${id}`)).toMatchObject({ status, json: { status } });
		expect((await send('PUT', `/v1/template/${id}`, formOf({}))).status).toBe(status);
	});

	it('are guarded by the token [T-LIST] [T-GET]', async () => {
		const { get, sandbox } = await trial();
		expect((await get('/v1/template', {})).status).toBe(401);
		expect((await get(`/v1/template/${sandbox.seeds.templates.video}`, {})).status).toBe(401);
	});

	it('cannot be deleted: no page documents it', async () => {
		const { send, sandbox } = await trial();
		const path = `/v1/template/${sandbox.seeds.templates.video}`;
		expect((await send('DELETE', path)).status).toBe(404);
	});

	it('are the seeded ones again after a reset', async () => {
		const bench = await trial();
		await created(bench);
		bench.sandbox.reset();
		expect(valueAt((await bench.get('/v1/template')).json, 'total')).toBe(2);
	});
});

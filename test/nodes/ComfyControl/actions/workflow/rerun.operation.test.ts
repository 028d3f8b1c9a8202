import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../../../sandbox';
import {
	BinaryStore,
	inlineFile,
	runNode,
	type EngineResult,
	type EngineRun,
} from '../../../../support/engine';
import { clock } from '../../../../support/clock';
import { rerunParameters } from '../../../../support/rerun';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');
const CONTINUE = { onError: 'continueRegularOutput' } as const;
const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

let sandbox: Sandbox;
const store = new BinaryStore();

beforeAll(async () => {
	await store.open();
	sandbox = await startSandbox({ rateLimit: false });
});
afterEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.stop();
	await store.close();
});

async function rerun(
	parameters: INodeParameters = {},
	options: Partial<EngineRun> = {},
): Promise<EngineResult> {
	return await runNode({
		parameters: rerunParameters(sandbox.seeds.textToImage, parameters),
		items: [{ json: {} }],
		credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		...options,
	});
}

const withFile = (content = PICTURE): INodeExecutionData => ({
	json: {},
	binary: { data: inlineFile(content) },
});
const imageFrom = (binaryPropertyName: string): INodeParameters => ({
	file: [{ name: 'input_image', binaryPropertyName }],
});

/** The requests that start something, without the reads before them. */
function sent() {
	return sandbox.requests.filter(({ method }) => method === 'POST');
}

describe('a rerun', () => {
	it('sends texts, files and choices, and hands on the response untouched', async () => {
		const { outputs, run } = await rerun(
			{
				text: [{ name: 'prompt', value: 'a lighthouse at dawn' }],
				file: [{ name: 'input_image', binaryPropertyName: 'data' }],
				choice: [{ name: 'sampler', value: 'dpm_2' }],
			},
			{ items: [withFile()] },
		);

		expect(run.status).toBe('success');
		const [received] = sent();
		expect(received).toMatchObject({
			method: 'POST',
			path: `/v1/workflow/${sandbox.seeds.textToImage}/rerun`,
			fields: [
				{ name: '$prompt', value: 'a lighthouse at dawn' },
				{ name: '#sampler', value: 'dpm_2' },
			],
			files: [{ fieldName: '$input_image', fileName: 'picture.png', mimeType: 'image/png' }],
		});
		expect(received.files[0].content).toEqual(PICTURE);
		expect(received.headers.authorization).toBe(`Bearer ${sandbox.token}`);

		const started = sandbox.workflows.find(({ id }) => id === received.workflowId);
		expect(outputs[0]).toEqual([
			{
				json: {
					id: received.workflowId,
					name: 'Text to Image Generation',
					status: 'accepted',
					tags: ['production', 'text2img'],
					created_at: expect.any(String),
					updated_at: expect.any(String),
					started_at: null,
					completed_at: null,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(started).toMatchObject({ rerunOf: sandbox.seeds.textToImage });
	});

	it('may change nothing at all', async () => {
		const { run } = await rerun();
		expect(run.status).toBe('success');
		expect(sent()[0]).toMatchObject({ fields: [], files: [], status: 200 });
	});

	it('takes any success code', async () => {
		const other = await startSandbox({ switches: { rerunStatus: 201 } });
		const { run } = await rerun(
			{},
			{ credentials: { apiToken: other.token, baseUrl: `${other.apiUrl}/v1/` } },
		);
		expect([run.status, other.requests[0].status]).toEqual(['success', 201]);
		await other.stop();
	});

	it('sends the values of expressions as text, unchanged', async () => {
		await rerun(
			{ text: [{ name: 'prompt', value: '={{ $json.value }}' }] },
			{ items: [2024, false, '007', '', 'two\nlines\r\n'].map((value) => ({ json: { value } })) },
		);
		expect(sent().map(({ fields }) => fields[0].value)).toEqual([
			'2024',
			'false',
			'007',
			'',
			'two\nlines\r\n',
		]);
	});

	it('finds the workflow in an address, for each item', async () => {
		const workflowId = { __rl: true, mode: 'url', value: '={{ $json.page }}' };
		const page = `https://comfycontrol.app/workflows/${sandbox.seeds.textToImage}?tab=outputs`;
		const { run } = await rerun(
			{},
			{ parameters: { ...rerunParameters(''), workflowId }, items: [{ json: { page } }] },
		);
		expect(run.status).toBe('success');
	});

	it('links each output item to its input item', async () => {
		const { outputs } = await rerun(
			{},
			{
				items: [{ json: {} }, { json: {} }, { json: {} }],
			},
		);
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(outputs[0].map(({ json }) => json.id)).toEqual(
			sent().map(({ workflowId }) => workflowId),
		);
	});
});

describe('the file of a file parameter', () => {
	it('comes from n8n’s binary store, byte for byte', async () => {
		const content = Buffer.alloc(3_000_000, 'ComfyControl');
		const data = await store.store(content, { fileName: 'bíg one.png' });
		await rerun(imageFrom('data'), { items: [{ json: {}, binary: { data } }] });
		const [file] = sent()[0].files;
		expect(file).toMatchObject({ fileName: 'bíg one.png', sizeBytes: content.length });
		expect(file.content.equals(content)).toBe(true);
	});

	it('may be given by an expression', async () => {
		const photo = inlineFile(PICTURE, { fileName: 'photo.png' });
		await rerun(imageFrom("={{ $('Items').item.binary.photo }}"), {
			items: [{ json: {}, binary: { photo } }],
		});
		expect(sent()[0].files).toMatchObject([{ fileName: 'photo.png' }]);
		expect(sent()[0].files[0].content).toEqual(PICTURE);
	});

	it('may be given by an expression that leaves out its bytes, if n8n has them stored', async () => {
		const photo = await store.store(PICTURE, { fileName: 'photo.png' });
		await rerun(imageFrom('={{ $binary.photo }}'), {
			items: [{ json: {}, binary: { photo } }],
		});
		expect(sent()[0].files[0].content).toEqual(PICTURE);
	});

	it.each(['constructor', '__proto__'])('is none that every object has: %s', async (field) => {
		const { error } = await rerun(imageFrom(field), {
			items: [{ json: {}, binary: { photo: inlineFile(PICTURE) } }],
		});
		expect(error.message).toContain(`The item has no binary field '${field}'`);
	});

	it('is in the field of that name, even where the name is an address', async () => {
		const address = 'https://storage.invalid/photo.png';
		await rerun(imageFrom(address), {
			items: [{ json: {}, binary: { [address]: inlineFile(PICTURE) } }],
		});
		expect(sent()[0].files[0].content).toEqual(PICTURE);
	});

	it('is found by a name with spaces around it', async () => {
		await rerun(imageFrom(' photo\n'), {
			items: [{ json: {}, binary: { photo: inlineFile(PICTURE), other: inlineFile(PICTURE) } }],
		});
		expect(sent()[0].files).toMatchObject([{ fieldName: '$input_image' }]);
	});

	it('can’t be an expression without its bytes', async () => {
		const { error } = await rerun(imageFrom('={{ $binary.photo }}'), {
			items: [{ json: {}, binary: { photo: inlineFile(PICTURE) } }],
		});
		expect(error.message).toContain('neither the name of a binary field nor a URL nor a file');
		expect(error.description).toContain('the name of the input field');
		expect(sandbox.requests).toEqual([]);
	});

	it('may be in a JSON field, with n8n’s combined binary mode', async () => {
		const data = await store.store(PICTURE, { fileName: 'photo.png' });
		await rerun(imageFrom('photo'), { items: [{ json: { photo: data } }], binaryMode: 'combined' });
		expect(sent()[0].files).toMatchObject([{ fileName: 'photo.png' }]);
	});

	it('is not looked for in JSON fields in any other binary mode', async () => {
		const photo = await store.store(PICTURE, { fileName: 'photo.png' });
		const { error } = await rerun(imageFrom(''), { items: [{ json: { photo } }] });
		expect(error.description).toContain('This item has no binary fields');
		expect(sandbox.requests).toEqual([]);
	});

	it('is the one of exactly that name before the one that was moved', async () => {
		const photo = await store.store(PICTURE, { fileName: 'photo.png' });
		const moved = await store.store(PICTURE, { fileName: 'moved.png' });
		await rerun(imageFrom('photo'), {
			items: [{ json: { photo, _files: { photo: moved } } }],
			binaryMode: 'combined',
		});
		expect(sent()[0].files).toMatchObject([{ fileName: 'photo.png' }]);
	});

	it('keeps its name when n8n’s combined binary mode moves it into the JSON', async () => {
		const photo = inlineFile(PICTURE, { fileName: 'photo.png' });
		await rerun(imageFrom('photo'), {
			items: [{ json: {}, binary: { photo } }],
			binaryMode: 'combined',
		});
		expect(sent()[0].files).toMatchObject([{ fileName: 'photo.png' }]);
	});

	it('is the only one of the item when no field is named', async () => {
		await rerun(imageFrom(''), {
			items: [{ json: {}, binary: { photo: inlineFile(PICTURE) } }],
		});
		expect(sent()[0].files[0].content).toEqual(PICTURE);
	});

	it('is named after its parameter when it has no name', async () => {
		const photo = inlineFile(PICTURE, { fileName: undefined, fileExtension: 'png' });
		await rerun(imageFrom(''), { items: [{ json: {}, binary: { photo } }] });
		expect(sent()[0].files).toMatchObject([{ fileName: 'input_image.png' }]);
	});
});

describe('before anything is sent, a rerun refuses', () => {
	const twoFiles = {
		json: {},
		binary: { a: inlineFile(PICTURE), b: inlineFile(PICTURE) },
	};
	const large = (fileName: string) => inlineFile(Buffer.alloc(26 * 1024 * 1024, 1), { fileName });

	it.each<[string, INodeParameters, INodeExecutionData, string, string]>([
		[
			'a missing workflow',
			rerunParameters('={{ $json.id }}'),
			{ json: {} },
			'No workflow is given',
			'Enter the ID',
		],
		[
			'a workflow without an id in it',
			rerunParameters('={{ $json.id }}'),
			{ json: { id: 'my workflow' } },
			"'my workflow' contains no workflow ID",
			'Copy it',
		],
		[
			'an empty name',
			rerunParameters(ID(), { text: [{ name: ' ', value: 'x' }] }),
			{ json: {} },
			'A text parameter has no name',
			'Enter the name',
		],
		[
			'a name that appears twice',
			rerunParameters(ID(), {
				text: [{ name: 'input_image', value: 'x' }],
				file: [{ name: '$input_image', binaryPropertyName: 'a' }],
			}),
			twoFiles,
			"The parameter 'input_image' is entered more than once",
			"'$input_image'",
		],
		[
			'a name with control characters',
			rerunParameters(ID(), { text: [{ name: 'pro\nmpt', value: 'x' }] }),
			{ json: {} },
			'control character',
			'on one line',
		],
		[
			'a missing binary field, with the names of those there are',
			rerunParameters(ID(), imageFrom('image')),
			twoFiles,
			"The item has no binary field 'image'",
			"This item has the binary fields 'a', 'b'",
		],
		[
			'a binary field of an item without files',
			rerunParameters(ID(), imageFrom('image')),
			{ json: {} },
			"The item has no binary field 'image'",
			'This item has no binary fields',
		],
		[
			'an empty field name when there are several files',
			rerunParameters(ID(), imageFrom('')),
			twoFiles,
			'No input field is given',
			"'a', 'b'",
		],
		[
			'an empty file',
			rerunParameters(ID(), imageFrom('data')),
			{
				json: {},
				binary: { data: inlineFile(Buffer.alloc(0), { fileName: 'a.png' }) },
			},
			"The file for 'input_image' is empty",
			"'a.png' has 0 bytes",
		],
		[
			'more than 50 MB in sum, with the size of each file',
			rerunParameters(ID(), {
				file: [
					{ name: 'first', binaryPropertyName: 'a' },
					{ name: 'second', binaryPropertyName: 'b' },
				],
			}),
			{ json: {}, binary: { a: large('one.png'), b: large('two.png') } },
			'larger than ComfyControl’s limit of 50.0 MB'.replace('’', "'"),
			'52.0 MB (one.png: 26.0 MB, two.png: 26.0 MB)',
		],
	])('%s', async (_what, parameters, item, message, description) => {
		const { run, error } = await rerun({}, { parameters, items: [item] });
		expect(run.status).toBe('error');
		expect(error.message).toContain(message);
		expect(error.description).toContain(description);
		expect(error.context).toMatchObject({ itemIndex: 0 });
		expect(sandbox.requests).toEqual([]);
	});

	function ID() {
		return 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';
	}
});

describe('when ComfyControl refuses a rerun, the message says', () => {
	it.each<[number, unknown, string, string]>([
		[400, 'No runner available with matching tags', 'No runner available', 'an active runner'],
		[400, 'File size exceeds 50MB limit', 'File size exceeds 50MB limit', 'smaller or fewer files'],
		[400, 'invalid UUID format', 'Invalid UUID format', 'Copy the ID'],
		[400, 'parameter validation failed', 'Parameter validation failed', 'Compare the names'],
		[
			401,
			'Token has expired',
			'refused the API token: Token has expired',
			'right ComfyControl credential',
		],
		[
			403,
			'Workflow parameter limit exceeded for your tier',
			'limit exceeded',
			'your ComfyControl plan',
		],
		[404, 'requested entity not found', 'has no workflow a1b2c3d4', 'another account'],
		[413, 'too large', 'larger than ComfyControl accepts', '50 MB in all'],
		[422, 'unexpected field', 'Unexpected field', 'Check the parameters'],
		[500, 'internal error', 'Internal error', 'may have been started'],
		[503, 'temporarily unavailable', 'Temporarily unavailable', 'may have been started'],
	])('for HTTP %d %j: %s', async (status, sentence, message, description) => {
		sandbox.failNext({
			on: { method: 'POST' },
			kind: 'http',
			status,
			body: { status, message: sentence },
		});
		const { error } = await rerun();
		expect(error.message).toContain(message);
		expect(error.description).toContain(description);
		expect(error).toMatchObject({ httpCode: String(status), context: { itemIndex: 0 } });
	});

	it.each([
		[400, 'ComfyControl refused the request (HTTP 400)'],
		[403, 'The API address answered with a web page (HTTP 403)'],
		[404, 'The API address answered with a web page (HTTP 404)'],
		[502, 'ComfyControl could not process the request (HTTP 502)'],
	])('for HTTP %d with a web page instead of data: %s', async (status, message) => {
		sandbox.failNext({ on: { method: 'POST' }, kind: 'html', status });
		const { error } = await rerun();
		expect(error).toMatchObject({ message, httpCode: String(status) });
		expect(error.description).not.toContain('<');
	});

	it('that a redirect is not followed with the token', async () => {
		const headers = { location: sandbox.storageUrl };
		sandbox.failNext({ on: { method: 'POST' }, kind: 'http', status: 307, body: {}, headers });
		const { error } = await rerun();
		expect(error.message).toBe('The API address answered with a redirect (HTTP 307)');
		expect(sandbox.downloads).toEqual([]);
	});

	it.each([
		['invalidJson', 'it is not JSON'],
		['emptyBody', 'it is empty'],
	] as const)('that an answer can’t be read: %s', async (kind, what) => {
		sandbox.failNext({ on: { method: 'POST' }, kind });
		const { error } = await rerun();
		expect(error.message).toBe(`ComfyControl's answer can't be read (${what})`);
		expect(error.description).toContain('may have been started all the same');
	});

	it.each(['resetBefore', 'resetAfter', 'truncatedBody'] as const)(
		'that the run may have started when the connection breaks: %s',
		async (kind) => {
			const before = clock.nowMs();
			sandbox.failNext({ on: { method: 'POST' }, kind });
			const { error } = await rerun();
			expect(error.message).toContain('broke off before its answer arrived');
			expect(error.description).toContain('may have been started all the same');
			const [, sentAt] = /started at (\S+Z)/.exec(error.description) ?? [];
			expect(Date.parse(sentAt)).toBeGreaterThanOrEqual(Math.floor(before));
			expect(Date.parse(sentAt)).toBeLessThanOrEqual(clock.nowMs());
			expect(sent()).toHaveLength(1);
		},
	);

	it('that nothing was sent when there is no connection at all', async () => {
		const credentials = { apiToken: 'cfc_example', baseUrl: 'http://127.0.0.1:1' };
		const { error } = await rerun({}, { credentials });
		expect(error.message).toBe("ComfyControl can't be reached (ECONNREFUSED)");
		expect(error.description).toContain('Nothing was sent');
	});

	it('that the credential’s address is none', async () => {
		const credentials = { apiToken: sandbox.token, baseUrl: 'ftp://api.comfycontrol.app' };
		const { error } = await rerun({}, { credentials });
		expect(error.message).toContain("Base URL in the ComfyControl credential isn't a web address");
	});
});

describe('the token', () => {
	it.each<[string, () => void]>([
		['a refusal that repeats it', () => refuse(401, `Invalid token ${sandbox.token}`)],
		['a refusal that repeats the header', () => refuse(400, 'Bearer abc.def is malformed')],
		['a broken connection', () => sandbox.failNext({ on: { method: 'POST' }, kind: 'resetAfter' })],
		['a server error', () => refuse(500, 'internal error')],
	])('is in nothing that n8n keeps of %s', async (_what, fail) => {
		fail();
		const { run } = await rerun({}, { settings: ERROR_OUTPUT });
		const kept = JSON.stringify(run);
		expect(kept).toContain('ComfyControl');
		expect(kept).not.toContain(sandbox.token);
		expect(kept).not.toContain('abc.def');
	});

	function refuse(status: number, message: string) {
		sandbox.failNext({ on: { method: 'POST' }, kind: 'http', status, body: { status, message } });
	}
});

describe('of four items with a bad third one', () => {
	const items = ['one', 'two', null, 'four'].map((prompt) => ({ json: { prompt } }));
	const parameters = { text: [{ name: 'prompt', value: '={{ $json.prompt }}' }] };

	it('sends none in stop mode', async () => {
		const { run, error } = await rerun(parameters, { items });
		expect(run.status).toBe('error');
		expect(error.context).toMatchObject({ itemIndex: 2 });
		expect(error.description).toContain('Nothing was sent for any item.');
		expect(sent()).toEqual([]);
	});

	it('names all that can’t be sent, those that ComfyControl would not take too', async () => {
		const rows = ['one', 'two', null, 'four'].map((prompt, row) => ({
			json: { prompt, name: row === 1 ? 'promt' : 'prompt' },
		}));
		const text = [{ name: '={{ $json.name }}', value: '={{ $json.prompt }}' }];
		const { error } = await rerun({ text }, { items: rows });
		expect(error.context).toMatchObject({ itemIndex: 1 });
		expect(error.description).toContain("Other items can't be sent either: 2.");
		expect(sent()).toEqual([]);
	});

	it('sends three with the error output, and puts the third there with its link', async () => {
		const { run, outputs } = await rerun(parameters, { items, settings: ERROR_OUTPUT });
		expect(run.status).toBe('success');
		expect(sent().map(({ fields }) => fields[0].value)).toEqual(['one', 'two', 'four']);
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 3 },
		]);
		expect(outputs[1]).toMatchObject([
			{
				json: {
					prompt: null,
					error: {
						message: "The text parameter 'prompt' has no value",
						description: expect.stringContaining('Check the expression'),
					},
				},
				pairedItem: { item: 2 },
			},
		]);
	});

	it('goes on with one output too, in the order of the items', async () => {
		const { outputs } = await rerun(parameters, { items, settings: CONTINUE });
		expect(outputs[0].map(({ json }) => 'error' in json)).toEqual([false, false, true, false]);
	});
});

describe('when the third of many reruns fails at ComfyControl', () => {
	const many = (length: number) => Array.from({ length }, (_item, index) => ({ json: { index } }));
	const parameters = { text: [{ name: 'prompt', value: '={{ $json.index }}' }] };
	const failThird = () =>
		sandbox.failNext({
			on: { path: /rerun/ },
			kind: 'http',
			status: 500,
			body: {},
			after: 2,
		});

	it('stop mode sends no more and names every workflow that was started', async () => {
		failThird();
		const { error } = await rerun(parameters, { items: many(60) });
		const started = sent().flatMap(({ workflowId }) => workflowId ?? []);
		expect(started.length).toBeGreaterThanOrEqual(2);
		// Those that the limit let go together with it.
		expect(sent().length).toBeLessThanOrEqual(40);
		for (const id of started) expect(error.description).toContain(`${id} (item `);
		expect(error.description).toContain('Leave these items out if you run the node anew.');
	});

	it('continue mode sends the others and links the error to its item', async () => {
		failThird();
		const { outputs } = await rerun(parameters, {
			items: many(10),
			settings: ERROR_OUTPUT,
		});
		expect(sent()).toHaveLength(10);
		expect(outputs[0]).toHaveLength(9);
		const [failed] = outputs[1];
		expect(failed.pairedItem).toEqual({ item: failed.json.index });
		const refused = sent().find(({ status }) => status === 500);
		expect(refused?.fields[0].value).toBe(String(failed.json.index));
	});
});

describe('an item that can’t even be read', () => {
	const good = { json: {}, binary: { data: inlineFile(PICTURE) } };
	const parameters = imageFrom('data');

	it.each<[string, INodeParameters, INodeExecutionData, string]>([
		[
			'because n8n has deleted its file',
			parameters,
			{
				json: {},
				binary: { data: { ...inlineFile(PICTURE), id: 'filesystem-v2:gone' } },
			},
			"n8n no longer has the file 'picture.png' for 'input_image'",
		],
		[
			'because its file has no content',
			parameters,
			{ json: {}, binary: { data: { mimeType: 'image/png' } as IBinaryData } },
			"n8n no longer has the file for 'input_image'",
		],
		[
			'because its expression fails',
			imageFrom("={{ $json.bad ? $('Nowhere').item.binary.x : $('Items').item.binary.data }}"),
			{ json: { bad: true } },
			'',
		],
	])('goes to the error output: %s', async (_why, values, item, message) => {
		const { outputs } = await rerun(values, { items: [good, item], settings: ERROR_OUTPUT });
		expect(outputs[0]).toHaveLength(1);
		expect(outputs[1]).toMatchObject([{ pairedItem: { item: 1 } }]);
		expect(outputs[1][0].json).toHaveProperty('error.message', expect.stringContaining(message));
		expect(sent()).toHaveLength(1);
	});
});

describe('a file that is not what n8n says of it', () => {
	it.each([
		['with line breaks in its base64', PICTURE.toString('base64').replace(/(.{4})/g, '$1\r\n')],
		['as a whole data URL', `data:image/png;base64,${PICTURE.toString('base64')}`],
	])('is sent all the same: %s', async (_how, data) => {
		const binary = { data: { ...inlineFile(PICTURE), data } };
		const { run } = await rerun(imageFrom('data'), {
			items: [{ json: {}, binary }],
		});
		expect(run.status).toBe('success');
		expect(sent()[0].files[0].content).toEqual(PICTURE);
	});

	it('ends the upload at once when it is shorter than n8n says', async () => {
		const data = await store.store(Buffer.alloc(50_000, 1), { fileName: 'short.png' });
		store.shorten(data, 10);
		const { error } = await rerun(imageFrom('data'), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error.message).toBe(
			"The file 'short.png' could not be read completely (10 of 50000 bytes)",
		);
		expect(error.description).toContain('started nothing');
		expect(sandbox.workflows.some(({ rerunOf }) => rerunOf !== null)).toBe(false);
	});
});

describe('when the API answers before it has read an upload', () => {
	it('no file is left open', async () => {
		const data = await store.store(Buffer.alloc(20_000_000, 1));
		sandbox.failNext({ on: { method: 'POST' }, kind: 'early', status: 401, times: 5 });
		for (let i = 0; i < 5; i++) {
			await rerun(imageFrom('data'), { items: [{ json: {}, binary: { data } }] });
		}
		await clock.until(() => store.openFiles() === 0);
	});
});

describe('when the execution is stopped', () => {
	it('breaks off the requests under way and starts no more', async () => {
		sandbox.failNext({ on: { method: 'POST' }, kind: 'hang', times: 10 });
		const stopped = await rerun(
			{},
			{
				items: Array.from({ length: 10 }, () => ({ json: {} })),
				settings: ERROR_OUTPUT,
				onStart: (stop) => void clock.until(() => sent().length > 0).then(stop),
			},
		);
		expect(stopped.run.status).toBe('canceled');
		expect(sent().length).toBeLessThanOrEqual(4);
	});
});

describe('what is known of a past workflow', () => {
	const text = [{ name: 'prompt', value: 'a fox' }];
	const reads = () => sandbox.requests.filter(({ method }) => method === 'GET');

	it('is asked for once, however many executions need it', async () => {
		await rerun({ text });
		const { error } = await rerun({ text: [{ name: 'promt', value: 'x' }] }, { remembers: true });
		expect(error.message).toContain("did you mean 'prompt'?");
		expect(reads()).toHaveLength(1);
	});

	it('is asked for again by another account', async () => {
		await rerun({ text });
		const credentials = { apiToken: 'cfc_another', baseUrl: sandbox.apiUrl };
		await rerun({ text }, { remembers: true, credentials });
		expect(reads().map(({ status }) => status)).toEqual([200, 401]);
	});

	it('is asked for again while the workflow still runs', async () => {
		const { outputs } = await rerun({ text });
		const again = rerunParameters(String(outputs[0][0].json.id), { text });
		for (let i = 0; i < 2; i++) {
			await runNode({
				parameters: again,
				items: [{ json: {} }],
				credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
				remembers: true,
			});
		}
		expect(reads()).toHaveLength(3);
	});
});

describe('what would be silently without effect', () => {
	const items = [{ json: {} }, { json: {} }];
	const wrongName = { text: [{ name: 'promt', value: 'x' }] };

	it('tells an agent’s model the whole sentence, as it gets the message alone', async () => {
		const { error } = await rerun(wrongName, { asTool: true });
		expect(error.message).toMatch(/did you mean 'prompt'\? It takes .*'prompt' \(text\)/);
	});

	it('says which row an item is, where there are several', async () => {
		const { error } = await rerun(wrongName, { items });
		expect(error.description).toContain('This is item 1 of 2. n8n calls it 0');
		expect((await rerun(wrongName)).error.description).not.toContain('number 1');
	});

	it.each(['true', 'TRUE', 1])('waits when Wait for Completion is %j', async (value) => {
		const { outputs } = await runNode({
			parameters: {
				...rerunParameters(sandbox.seeds.textToImage),
				waitForCompletion: `={{ ${JSON.stringify(value)} }}`,
			},
			items: [{ json: {} }],
			credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		});
		expect(outputs[0][0].json.status).toBe('completed');
	});
});

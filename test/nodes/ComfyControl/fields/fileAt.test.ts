/* eslint-disable @n8n/community-nodes/no-restricted-imports -- packs files as servers do, never part of the node */
import { gzipSync } from 'node:zlib';

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { after, hang, reset } from '../../../support/apiServer';
import { clock } from '../../../support/clock';
import { BinaryStore, inlineFile } from '../../../support/engine';
import {
	chunked,
	endless,
	file,
	FileServer,
	redirect,
	saying,
	slowly,
} from '../../../support/fileServer';
import { rerunParameters } from '../../../support/rerun';
import { byId, ERROR_OUTPUT, rows, SEEDS, sentBy, stage } from '../../../support/stage';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');
const MEGABYTE = 1024 * 1024;
const PNG = { 'content-type': 'image/png' };
const PAGE = { 'content-type': 'text/html; charset=utf-8' };

const at = stage();
const store = new BinaryStore();
let web: FileServer;
let elsewhere: FileServer;

beforeAll(async () => {
	await store.open();
	[web, elsewhere] = [await FileServer.start(), await FileServer.start()];
});
afterEach(() => {
	const requests = [...web.requests, ...elsewhere.requests];
	web.reset();
	elsewhere.reset();
	for (const { headers } of requests) {
		expect(headers).not.toHaveProperty('authorization');
		expect(headers).not.toHaveProperty('cookie');
		expect(JSON.stringify(headers)).not.toContain(at.sandbox.token);
	}
});
afterAll(async () => {
	web.stop();
	elsewhere.stop();
	await store.close();
});

/** A rerun whose file is named like this. */
function rerunWith(binaryPropertyName = '={{ $json.link }}'): INodeParameters {
	return rerunParameters(SEEDS.textToImage, {
		file: [{ name: 'input_image', binaryPropertyName }],
	});
}

async function rerun(...links: string[]) {
	return await at.run(rerunWith(), { items: rows(...links.map((link) => ({ link }))) });
}

const sent = () => sentBy(at.sandbox, 'POST');
const sentFiles = () => sent().flatMap(({ files }) => files);

describe('a file at an address', () => {
	const picture = () => web.serve('/pictures/barn.png', file(PICTURE, PNG));
	const WANTED = { fileName: 'barn.png', mimeType: 'image/png', content: PICTURE };
	const form = (more: object) => ({
		...rerunParameters(SEEDS.textToImage),
		specifyParameters: 'form',
		parameterForm: { mappingMode: 'defineBelow', value: null, schema: [], ...more } as never,
	});
	const FLOW = '{"1":{"class_type":"LoadImage","inputs":{"image":"$file(input_image)"}}}';
	const create = { resource: 'workflow', operation: 'create', name: 'Barn' };
	const byFields = (file: string) => ({
		parameters: { file: [{ name: 'input_image', binaryPropertyName: file }] },
	});
	const places: Array<[string, (link: string) => INodeParameters, INodeExecutionData?]> = [
		['the fields', (link) => rerunWith(link)],
		['the form', (link) => form({ value: { '$file(input_image)': link } })],
		['automatic mapping', () => form({ mappingMode: 'autoMapInputData' })],
		[
			'automatic mapping, beside another file',
			() => form({ mappingMode: 'autoMapInputData' }),
			{ json: {}, binary: { other: inlineFile(Buffer.from('other')) } },
		],
		[
			'JSON',
			(link) => ({
				...rerunParameters(SEEDS.textToImage),
				specifyParameters: 'json',
				parametersJson: JSON.stringify({ input_image: link }),
			}),
		],
		['Create', (link) => ({ ...create, workflowJson: FLOW, ...byFields(link) })],
		[
			'Run',
			(link) => ({
				resource: 'template',
				operation: 'run',
				templateId: byId(SEEDS.templates.textToImage),
				parameters: { ...byFields(link).parameters, text: [{ name: 'prompt', value: 'a' }] },
			}),
		],
	];
	it.each(places)('may be named in %s', async (_place, parametersFor, item = { json: {} }) => {
		const link = picture();
		const { error } = await at.run(parametersFor(link), {
			items: [{ ...item, json: { 'Input Image': link } }],
		});
		expect(error.message).toBe('');
		expect(sentFiles().at(-1)).toMatchObject({ fieldName: '$input_image', ...WANTED });
	});

	it('may be the workflow’s JSON', async () => {
		const flow = FLOW.replace('$file(input_image)', 'a.png');
		const link = web.serve('/flow.json', file(Buffer.from(flow)));
		await at.run({ ...create, workflowSource: 'binary', workflowBinaryPropertyName: link });
		expect(sentFiles()).toMatchObject([{ content: Buffer.from(flow) }]);
	});

	it('is fetched once for forty items, before the first start', async () => {
		const link = picture();
		let startsBefore: number | undefined;
		web.serve('/pictures/barn.png', (response) => {
			startsBefore = sent().length;
			file(PICTURE, PNG)(response);
		});
		await rerun(...new Array<string>(40).fill(link));
		expect([web.requests.length, startsBefore, sent().length]).toEqual([1, 0, 40]);
		expect(sentFiles()).toHaveLength(40);
	});

	it('is fetched beside others, ten at a time, all before the first start', async () => {
		const startsBefore: number[] = [];
		const links = Array.from({ length: 9 }, (_, i) =>
			web.serve(
				`/${i}.png`,
				after(1_000, (response) => {
					startsBefore.push(sent().length);
					file(Buffer.from(String(i)))(response);
				}),
			),
		);
		await rerun(...links);
		expect([web.mostAtOnce, startsBefore]).toEqual([9, new Array<number>(9).fill(0)]);
		expect(
			sentFiles()
				.map(({ content }) => String(content))
				.sort(),
		).toEqual([...'012345678']);
	});

	it('is none of the others’ business when it can’t be had', async () => {
		const links = [picture(), `${web.origin}/gone.png`, picture()];
		const items = rows(...links.map((link) => ({ link })));
		const { outputs } = await at.run(rerunWith(), { items, settings: ERROR_OUTPUT });
		expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 0 }, { item: 2 }],
			[{ item: 1 }],
		]);
	});

	it('may have spaces around it and letters of any language in it', async () => {
		web.serve('/h%C3%BCtte%20am%20see.png', file(PICTURE, PNG));
		await rerun(` ${web.origin}/hütte am see.png\n`);
		expect(sentFiles()).toMatchObject([{ fileName: 'hütte am see.png' }]);
	});

	it.each([
		['image/jpeg', '/a.jpg', 'a.jpg', 'image/jpeg'],
		['image/webp; q=1', '/a', 'a.webp', 'image/webp'],
		['image/jpeg', '/a.png', 'a.png', 'image/jpeg'],
		[undefined, '/a.png', 'a.png', 'image/png'],
		['application/octet-stream', '/clip.mp4?x=1', 'clip.mp4', 'video/mp4'],
		['binary/octet-stream', '/a', 'a.bin', 'application/octet-stream'],
		['image/png', '/', 'file.png', 'image/png'],
	])('of the type %s at %s is %s, %s', async (type, path, fileName, mimeType) => {
		const link = web.serve(path, file(PICTURE, type === undefined ? {} : { 'content-type': type }));
		await rerun(link);
		expect(sentFiles()).toMatchObject([{ fileName, mimeType, content: PICTURE }]);
	});

	it('is called what the answer calls it', async () => {
		const disposition = `attachment; filename="x"; filename*=UTF-8''barn%20%E2%82%AC.png`;
		const link = web.serve(
			'/download?id=7',
			file(PICTURE, { ...PNG, 'content-disposition': disposition }),
		);
		await rerun(link);
		expect(sentFiles()).toMatchObject([{ fileName: 'barn €.png' }]);
	});

	it.each([301, 302, 303, 307, 308])('may be where another leads (%i)', async (status) => {
		const target = elsewhere.serve('/b.png', file(PICTURE, PNG));
		web.serve('/a.png', redirect('/moved.png', status));
		await rerun(web.serve('/moved.png', redirect(target, status)).replace('moved', 'a'));
		expect(sentFiles()).toMatchObject([{ content: PICTURE }]);
		expect([web.requests.length, elsewhere.requests.length]).toEqual([2, 1]);
	});

	it('is not signed in to again where its address leads', async () => {
		const target = elsewhere.serve('/b.png', file(PICTURE, PNG));
		const seen: Array<string | undefined> = [];
		const link = web.serve('/a.png', (response) => {
			seen.push(response.req.headers.authorization);
			redirect(target)(response);
		});
		await rerun(link.replace('//', '//ann:secret@'));
		expect(seen).toEqual([`Basic ${Buffer.from('ann:secret').toString('base64')}`]);
		expect(elsewhere.requests[0].headers).not.toHaveProperty('authorization');
		web.reset();
	});

	it('may not say how large it is', async () => {
		await rerun(web.serve('/a.png', chunked([PICTURE, PICTURE], PNG)));
		expect(sentFiles()).toMatchObject([{ content: Buffer.concat([PICTURE, PICTURE]) }]);
	});

	it('may come packed, though that was not asked for', async () => {
		const content = Buffer.alloc(100_000, 'barn');
		const packed = { ...PNG, 'content-encoding': 'gzip' };
		await rerun(web.serve('/a.png', file(gzipSync(content), packed)));
		expect(web.requests[0].headers).toMatchObject({ 'accept-encoding': 'identity', accept: '*/*' });
		expect(sentFiles()[0].content.equals(content)).toBe(true);
	});

	it('may have 50 MB', async () => {
		await rerun(web.serve('/a.bin', file(Buffer.alloc(50 * MEGABYTE))));
		expect(sent()).toHaveLength(1);
	});

	it('may come slowly', async () => {
		await rerun(web.serve('/a.png', slowly({ sizeBytes: 30, everyMs: 1_500 }, PNG)));
		expect(sentFiles()).toMatchObject([{ sizeBytes: 30 }]);
	});

	it('is no longer fetched once the execution is stopped', async () => {
		const link = web.serve('/a.png', slowly({ sizeBytes: 2, everyMs: Infinity }));
		let stop = () => {};
		const running = at.run(rerunWith(link), { onStart: (stopIt) => (stop = stopIt) });
		await clock.until(() => web.requests.length === 1);
		stop();
		const { run } = await running;
		expect([run.status, sent()]).toEqual(['canceled', []]);
		await web.left();
	});
});

describe('what is no file, before anything is started', () => {
	const answers: Array<[string, string, Parameters<FileServer['serve']>[1], string, string]> = [
		['a sign-in', '/a.png', saying(401), 'HTTP 401', 'wants a sign-in, or the link has expired'],
		['an expired link', '/a.png?sig=s3cret', saying(403), 'HTTP 403', 'enter its binary field'],
		['nothing', '/a.png', saying(404), 'HTTP 404', 'Check the address'],
		['no content', '/a.png', saying(204), 'HTTP 204', 'Open the address in a browser'],
		['lasting trouble', '/a.png', saying(500), 'HTTP 500', 'try again later'],
		['a web page', '/a.png', saying(200, PAGE, '<html>'), 'a web page came', 'to the file itself'],
		[
			'a drive’s page',
			'/file/d/1x/view?usp=sharing',
			chunked([Buffer.from('<!doctype html>')], PAGE),
			'a web page came, not a file',
			'such as Google Drive with the operation Download',
		],
		['a loop', '/a.png', redirect('/a.png'), 'the request failed (ERR_FR_TOO_MANY', 'Check the'],
		['no answer', '/a.png', hang, 'it did not come in time', 'your n8n can reach it'],
		[
			'a file that stops coming',
			'/a.png',
			slowly({ sizeBytes: 2_000_000, everyMs: Infinity }),
			'the request failed (ECONNRESET)',
			'that your n8n can reach it',
		],
		[
			'a file that drips',
			'/a.png',
			slowly({ sizeBytes: 10_000, everyMs: 5_000 }),
			'it did not come in time',
			'that your n8n can reach it',
		],
		['a lasting fault', '/a.png', reset, 'the request failed (ECONNRESET)', 'Check the address'],
		[
			'one byte more than 50 MB',
			'/a.png',
			file(Buffer.alloc(50 * MEGABYTE + 1)),
			'it is larger than 50 MB',
			'Use a smaller file',
		],
		[
			'one byte more than 50 MB, its size untold',
			'/a.png',
			endless(Buffer.alloc(50 * MEGABYTE + 1)),
			'it is larger than 50 MB',
			'Use a smaller file',
		],
	];
	it.each(answers)('is told: %s', async (_what, path, answer, reason, advice) => {
		const link = web.serve(path, answer);
		const { error } = await rerun(link);
		const shown = link.replace(/\?.*/, '?…');
		expect(error.message).toContain(`The file for 'input_image' can't be fetched from ${shown}: `);
		expect(error.message).toContain(reason);
		expect(error.description).toContain(advice);
		expect(error.description).toContain('Nothing was sent.');
		expect(error.context.itemIndex).toBe(0);
		expect(at.sandbox.requests).toEqual([]);
		await web.left();
	});

	it('is told without what signs in', async () => {
		const link = web.serve('/a.png?sig=s3cret', saying(403));
		const { error } = await rerun(link.replace('//', '//ann:pa55@'));
		web.reset();
		expect(error.message).toContain(`${web.origin}/a.png?…: HTTP 403`);
		expect(error.message + error.description).not.toMatch(/ann|pa55|s3cret/);
	});

	it('is told for each item that names it', async () => {
		const link = web.serve('/a.png', saying(403));
		const items = rows({ link }, { link });
		const { outputs } = await at.run(rerunWith(), { items, settings: ERROR_OUTPUT });
		expect(outputs[1]).toMatchObject([
			{
				json: { error: { message: expect.stringContaining('HTTP 403') } },
				pairedItem: { item: 0 },
			},
			{
				json: { error: { message: expect.stringContaining('HTTP 403') } },
				pairedItem: { item: 1 },
			},
		]);
		expect(web.requests).toHaveLength(1);
	});

	it('is told of a place where nobody answers', async () => {
		const gone = await FileServer.start();
		gone.stop();
		const { error } = await rerun(`${gone.origin}/a.png`);
		expect(error.message).toBe(
			`The file for 'input_image' can't be fetched from ${gone.origin}/a.png: the request failed (ECONNREFUSED)`,
		);
	});

	it.each(['http://', 'https://a b/c.png', 'http://[::1/a.png'])('is told of %j', async (link) => {
		const { error } = await rerun(link);
		expect(error.message).toBe(
			`The file for 'input_image' can't be fetched from '${link}': that is no valid address`,
		);
		expect(web.requests).toEqual([]);
	});

	it('is told when it is empty', async () => {
		const { error } = await rerun(web.serve('/a.png', file(Buffer.alloc(0), PNG)));
		expect(error.message).toBe("The file for 'input_image' is empty");
	});
});

describe('a data URL', () => {
	const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
	it.each([
		[
			`data:image/png;base64,${PICTURE.toString('base64')}`,
			PICTURE,
			'input_image.png',
			'image/png',
		],
		[
			`  data:IMAGE/PNG;charset=x;BASE64,${encodeURIComponent(PICTURE.toString('base64'))}\n`,
			PICTURE,
			'input_image.png',
			'IMAGE/PNG',
		],
		[
			`data:image/svg+xml,${encodeURIComponent(SVG)}`,
			Buffer.from(SVG),
			'input_image.svg',
			'image/svg+xml',
		],
		[
			'data:application/x-own,%89%00ü',
			Buffer.from('8900c3bc', 'hex'),
			'input_image',
			'application/x-own',
		],
	])('is a file: %s', async (url, content, fileName, mimeType) => {
		await rerun(url);
		expect(sentFiles()).toMatchObject([{ content, fileName, mimeType: mimeType.toLowerCase() }]);
	});

	it('is said to be empty', async () => {
		const { error } = await rerun('data:image/png;base64,');
		expect(error.message).toBe("The file for 'input_image' is empty");
	});
});

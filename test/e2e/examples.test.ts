import { createHash } from 'node:crypto';
import { startChatModel, type ChatModel } from './chatModel';
import { exampleFiles, exampleText, filledIn, readExample, webhookIdOf } from './examples';
import { endingOf, FormPage } from './formPage';
import { file, FileServer } from '../support/fileServer';
import { linkInDrive } from './googleStandIns';
import { at, isRecord } from '../support/guards';
import type { N8nExecution } from './n8nExecution';
import type { N8nServer } from './n8nServer';
import { paintSketch } from '../sandbox/picture';
import { waitFor } from '../support/processes';
import { setStage, type Stage } from './stage';
import { CHAT_CREDENTIAL } from './workflows';

type Seed = 'textToImage' | 'imageToImage' | 'textOnly' | 'video';

/** The examples, with the workflow that a user picks for each. */
const EXAMPLES = {
	'ai-agent.json': { id: 'exampleAgent00001', seed: 'textToImage' },
	'chain-1-draft.json': { id: 'exampleDraft00001', seed: 'textToImage' },
	'chain-2-finish.json': { id: 'exampleFinish0001', seed: 'imageToImage' },
	'form-to-picture.json': { id: 'exampleForm000001', seed: 'textToImage' },
	'from-http-request.json': { id: 'exampleHttp000001', seed: 'textToImage' },
	'long-video.json': { id: 'exampleVideo00001', seed: 'video' },
	'product-photos.json': { id: 'exampleProducts01', seed: 'imageToImage' },
	'rows-to-files.json': { id: 'exampleRows000001', seed: 'textToImage' },
	'sheet-to-drive.json': { id: 'exampleSheet00001', seed: 'textToImage' },
	'when-a-workflow-ends.json': { id: 'exampleEnds000001', seed: 'textToImage' },
} satisfies Record<string, { id: string; seed: Seed }>;

const NOTE = 'n8n-nodes-base.stickyNote';
const GRID = 16;
// What a node takes up, with its name below it.
const STEP = { width: 192, height: 176 };
// Beyond that the text of a note gets smaller than 10 pixels on a screen of 1,440.
const WIDEST = 1_600;
const MANUAL = 'When clicking ‘Execute workflow’';
const PROMPT = 'a fox asleep in a library';
const PNG_START = Buffer.from('\x89PNG\r\n', 'latin1');
const RUNNING_MS = 1_000;
const QUEUE = 40;
const PATIENCE_MS = 60_000;

let stage: Stage;
let model: ChatModel;
let server: N8nServer;
let photos: FileServer;

beforeAll(async () => {
	model = await startChatModel([{ toolArguments: { prompt: PROMPT } }, { text: 'There it is.' }]);
	photos = await FileServer.start();
	stage = await setStage(
		({ seeds, apiUrl }) =>
			Object.entries(EXAMPLES).map(([file, { id, seed }]) =>
				filledIn(id, readExample(file), {
					originalId: seeds[seed],
					apiUrl,
					filesUrl: photos.origin,
				}),
			),
		{ durationsMs: { running: RUNNING_MS }, parallelJobs: 4, rateLimit: false },
	);
	const data = { apiKey: 'none', url: model.baseUrl };
	await stage.n8n.importCredentials([{ ...CHAT_CREDENTIAL, type: 'openAiApi', data }]);
	server = await stage.n8n.start();
});

afterAll(async () => {
	await server?.stop();
	await stage?.clear();
	await model?.stop();
	photos?.stop();
});

/** The reruns that the sandbox has received since there were so many requests. */
function reruns(since = 0) {
	return stage.sandbox.requests
		.slice(since)
		.filter(({ method, path }) => method === 'POST' && path.endsWith('/rerun'));
}

async function runManually(file: keyof typeof EXAMPLES): Promise<N8nExecution> {
	const execution = await server.owner.run(EXAMPLES[file].id, { name: MANUAL }, PATIENCE_MS);
	expect(execution.errorMessage()).toBeUndefined();
	return execution;
}

function formOf(file: keyof typeof EXAMPLES): FormPage {
	const webhookId = webhookIdOf(readExample(file), 'On form submission');
	return new FormPage(`${server.baseUrl}/form/${webhookId}`);
}

/** Activates an example with a trigger and waits until that has looked: what has ended by then is past. */
async function activate(file: keyof typeof EXAMPLES): Promise<void> {
	const { requests } = stage.sandbox;
	const since = requests.length;
	await server.owner.activate(EXAMPLES[file].id);
	const hasLooked = async () =>
		requests.slice(since).some(({ path }) => path === '/v1/workflow') || undefined;
	await waitFor('first look', hasLooked, PATIENCE_MS);
}

/** The ended execution of an example in which a node put out an item for a workflow of ComfyControl. */
async function executionWith(
	file: keyof typeof EXAMPLES,
	nodeName: string,
	workflowId: string,
): Promise<N8nExecution> {
	const find = async () =>
		(await server.owner.executions(EXAMPLES[file].id)).find((execution) =>
			execution.items(nodeName).some(({ json }) => json.id === workflowId),
		);
	return await waitFor(`execution for ${workflowId}`, find, PATIENCE_MS);
}

/** Starts a workflow at the API, as anybody may. */
async function startOne(seed: Seed): Promise<string> {
	const { apiUrl, token, seeds } = stage.sandbox;
	const response = await fetch(`${apiUrl}/v1/workflow/${seeds[seed]}/rerun`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: new FormData(),
	});
	return String(at(await response.json(), 'id'));
}

function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}

describe('every file', () => {
	it('is tested here and listed in the README', () => {
		expect(exampleFiles().sort()).toEqual(Object.keys(EXAMPLES).sort());
		for (const file of exampleFiles()) expect(exampleText('README.md')).toContain(`(${file})`);
	});

	it.each(exampleFiles())('%s holds a workflow and nothing of an account', (file) => {
		const text = exampleText(file);
		const { nodes } = readExample(file);

		const parts: unknown = JSON.parse(text);
		expect(isRecord(parts) && Object.keys(parts)).toEqual([
			'name',
			'nodes',
			'connections',
			'settings',
		]);
		expect(text).not.toMatch(/cfc_|\bsk-|bearer|password|instanceId|cachedResultUrl/i);
		const settings = ['name', 'type', 'typeVersion', 'position', 'onError'];
		for (const { id, webhookId, parameters, ...node } of nodes) {
			expect(settings).toEqual(expect.arrayContaining(Object.keys(node)));
			expect(JSON.stringify(parameters)).not.toMatch(/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/);
			if ('workflowId' in parameters) {
				expect(parameters.workflowId).toEqual({ __rl: true, mode: 'list', value: '' });
			}
			expect([id, webhookId ?? id].join()).toMatch(/^[\da-f-]{36},[\da-f-]{36}$/);
		}
	});

	it.each(exampleFiles())('%s is tidy on the canvas', (file) => {
		const { nodes, connections } = readExample(file);
		const notes = nodes.filter(({ type }) => type === NOTE);
		const steps = nodes.filter(({ type }) => type !== NOTE);

		for (const { position } of nodes) {
			expect(position.map((place) => Math.abs(place % GRID))).toEqual([0, 0]);
		}
		// A note above everything, as wide as can be read when all is fitted to the screen.
		expect(notes).toHaveLength(1);
		const [{ position, parameters }] = notes;
		const highest = Math.min(...steps.map((step) => step.position[1]));
		expect(position[1] + Number(parameters.height)).toBe(highest - 3 * GRID);
		const ends = steps.map((step) => step.position[0] + STEP.width);
		const end = Math.max(...ends, position[0] + Number(parameters.width));
		expect(end - position[0]).toBeLessThanOrEqual(WIDEST);

		for (const [index, { position: place, name }] of steps.entries()) {
			const close = steps.slice(index + 1).filter(({ position: other }) => isClose(place, other));
			expect(close.map((one) => `${one.name} over ${name}`)).toEqual([]);
		}
		// What leads back is a loop, and what it leads back to is led to from the left as well.
		const comesFrom = (name: string) =>
			steps.filter((step) => nextOf(connections, step.name).includes(name));
		for (const { name, position: place } of steps) {
			const sources = comesFrom(name).map((source) => source.position[0]);
			expect(sources.length === 0 || sources.some((left) => left < place[0])).toBe(true);
		}
	});
});

/** The nodes that the outputs of a node lead to. */
function nextOf(connections: unknown, nodeName: string): string[] {
	const outputs: unknown = at(connections, nodeName, 'main');
	const edges: unknown[] = Array.isArray(outputs) ? outputs.flat() : [];
	return edges.map((edge) => String(at(edge, 'node')));
}

function isClose([x, y]: [number, number], [otherX, otherY]: [number, number]): boolean {
	return Math.abs(x - otherX) < STEP.width && Math.abs(y - otherY) < STEP.height;
}

it('rows-to-files.json maps rows to parameters and puts the files into one zip', async () => {
	const since = stage.sandbox.requests.length;
	const execution = await runManually('rows-to-files.json');

	const sent = reruns(since).map(({ fields }) =>
		fields.map(({ name, value }) => `${name}=${value}`).join(),
	);
	expect(sent.sort()).toEqual([
		'#sampler=ddim,$prompt=a harbour in the rain',
		'#sampler=euler,$prompt=a lighthouse at dawn',
		'$prompt=an island seen from above',
	]);
	const files = ['1-lighthouse.png', '2-harbour.png', '3-island.png'];
	const named = execution.items('Rerun each row').map(({ binary }) => binary?.data);
	expect(named).toMatchObject(files.map((fileName) => ({ fileName, mimeType: 'image/png' })));
	const [{ binary }] = execution.items('Zip');
	expect(binary?.data).toMatchObject({ fileName: 'pictures.zip' });
	const zip = await server.owner.content(binary?.data);
	for (const [position, file] of files.entries()) {
		expect(zip.includes(file)).toBe(true);
		// Pictures are compressed already, so that they lie in the zip as they are.
		expect(zip.includes(await server.owner.content(named[position]))).toBe(true);
	}
});

it('product-photos.json fetches each photo, and goes on without the one that is not there', async () => {
	const png = paintSketch();
	for (const path of ['/photos/oak-chair.jpg', '/photos/desk-lamp.jpg']) {
		photos.serve(path, file(png, { 'content-type': 'image/jpeg' }));
	}
	const since = stage.sandbox.requests.length;
	const execution = await runManually('product-photos.json');

	const sent = reruns(since).map(({ fields, files }) => ({ fields, file: files[0] }));
	const promptOf = ({ fields }: (typeof sent)[number]) => fields[0].value;
	expect(sent.sort((a, b) => promptOf(a).localeCompare(promptOf(b)))).toMatchObject(
		['desk lamp', 'oak chair'].map((product) => ({
			fields: [{ name: '$prompt', value: `the ${product} on white marble, soft light` }],
			file: {
				fieldName: '$photo',
				fileName: `${product.replace(' ', '-')}.jpg`,
				mimeType: 'image/jpeg',
				sha256: sha256(png),
			},
		})),
	);
	expect(execution.items('Put it into the shop')).toMatchObject(
		['oak chair', 'desk lamp'].map((product) => ({
			json: { product, status: 'completed' },
			binary: { data: { fileName: `${product}.png` } },
		})),
	);
	const problem = `The file for 'photo' can't be fetched from ${photos.origin}/photos/tea-pot.jpg: HTTP 404`;
	expect(execution.items('Tell what went wrong')).toMatchObject([
		{ json: { text: `tea pot: ${problem}` } },
	]);
	const asked = photos.requests.map(({ url }) => url);
	expect(asked.sort()).toEqual(
		['desk-lamp', 'oak-chair', 'tea-pot'].map((n) => `/photos/${n}.jpg`),
	);
	expect(photos.signedIn(stage.sandbox.token)).toEqual([]);
});

it('sheet-to-drive.json makes what is missing, and writes links and problems into its rows', async () => {
	const since = stage.sandbox.requests.length;
	const execution = await runManually('sheet-to-drive.json');

	const prompts = reruns(since).map(({ fields }) => fields);
	expect(prompts).toHaveLength(2);
	expect(prompts).toEqual(
		expect.arrayContaining(
			['an oak chair', 'a tea pot'].map((value) => [{ name: '$prompt', value }]),
		),
	);
	expect(execution.items('Write the link').map(({ json }) => json)).toEqual([
		{ row_number: '2', picture: linkInDrive('oak chair.png'), problem: '' },
		{ row_number: '5', picture: linkInDrive('tea pot.png'), problem: '' },
	]);
	expect(execution.items('Write the problem').map(({ json }) => json)).toEqual([
		{ row_number: '4', problem: expect.stringContaining("'none' is not an option") },
	]);
});

it('chain-2-finish.json makes a picture of each draft that chain-1-draft.json has started', async () => {
	await activate('chain-2-finish.json');
	try {
		const since = stage.sandbox.requests.length;
		const started = await runManually('chain-1-draft.json');

		const draftId = String(started.items('Start the draft')[0].json.id);
		const finish = await executionWith('chain-2-finish.json', 'When a draft is finished', draftId);
		const [{ binary }] = finish.items('When a draft is finished');
		const draft = await server.owner.content(binary?.data);
		expect(finish.items('Save or send the picture')).toMatchObject([
			{
				json: { status: 'completed', tags: ['img2img'] },
				binary: { data: { mimeType: 'image/png' } },
			},
		]);
		const both = reruns(since);
		expect(both).toMatchObject([
			{ fields: [{ name: '$prompt', value: 'a lighthouse at dawn' }], files: [] },
			{ fields: [], files: [{ fieldName: '$photo', sha256: sha256(draft) }] },
		]);
		expect(both[0].workflowId).toBe(draftId);
	} finally {
		// The tests that follow make drafts of their own.
		await server.owner.deactivate(EXAMPLES['chain-2-finish.json'].id);
	}
});

it('from-http-request.json gives the same with one node as with six', async () => {
	// A queue that is longer than one wait, so that the loop goes round.
	await Promise.all(Array.from({ length: QUEUE }, async () => await startOne('textOnly')));
	const since = stage.sandbox.requests.length;
	const execution = await runManually('from-http-request.json');

	const both = reruns(since);
	expect(both).toHaveLength(2);
	const looks = stage.sandbox.requests.filter(
		({ path }) => path === `/v1/workflow/${both[0].workflowId}`,
	);
	expect(looks.length).toBeGreaterThan(1);
	for (const { fields, files } of both) {
		expect(fields).toEqual(
			expect.arrayContaining([
				{ name: '$prompt', value: 'a lighthouse at dawn' },
				{ name: '#sampler', value: 'ddim' },
			]),
		);
		expect(files).toMatchObject([{ fieldName: '$input_image', fileName: 'input.png' }]);
		expect(files[0].mimeType).toBe('image/png');
		expect(files[0].content.subarray(0, PNG_START.length)).toEqual(PNG_START);
	}
	expect(both[0].files[0].sha256).toBe(both[1].files[0].sha256);
	for (const nodeName of ['Download', 'Rerun and wait']) {
		const items = execution.items(nodeName);
		expect(items).toHaveLength(1);
		expect(items[0].binary?.data).toMatchObject({ mimeType: 'image/png' });
		const picture = await server.owner.content(items[0].binary?.data);
		expect(picture.subarray(0, PNG_START.length)).toEqual(PNG_START);
	}
});

it('ai-agent.json makes a picture with the prompt that the model writes', async () => {
	const since = stage.sandbox.requests.length;
	const message = { sessionId: 'one', action: 'sendMessage', chatInput: 'A fox, please' };
	const execution = await server.owner.run(
		EXAMPLES['ai-agent.json'].id,
		{ name: 'When chat message received', json: message },
		PATIENCE_MS,
	);

	expect(execution.errorMessage()).toBeUndefined();
	expect(reruns(since)).toMatchObject([{ fields: [{ name: '$prompt', value: PROMPT }] }]);
	expect(execution.items('AI Agent')).toMatchObject([{ json: { output: 'There it is.' } }]);
	const [asked, told] = model.requests;
	expect(JSON.stringify(at(asked, 'messages'))).toContain('A fox, please');
	expect(at(asked, 'tools', 0, 'function')).toMatchObject({
		name: 'Make_a_picture',
		description: expect.stringContaining('Makes a picture'),
	});
	const messages = at(told, 'messages');
	const answer = Array.isArray(messages) ? at(messages.at(-1), 'content') : undefined;
	expect(JSON.parse(String(answer))).toMatchObject([
		{ status: 'completed', outputs: [{ src: expect.stringMatching(/^http/) }] },
	]);
});

it('form-to-picture.json answers a form with the finished picture', async () => {
	const file = 'form-to-picture.json';
	await server.owner.activate(EXAMPLES[file].id);
	const form = formOf(file);
	expect(await form.open()).toContain('Change a picture');
	const since = stage.sandbox.requests.length;
	const png = paintSketch();
	const image = new File([new Uint8Array(png)], 'my sketch.png', { type: 'image/png' });

	const { page, files } = await endingOf(await form.submit([image, PROMPT]));

	const [rerun, ...others] = reruns(since);
	expect(others).toEqual([]);
	expect(rerun.fields).toEqual([{ name: '$prompt', value: PROMPT }]);
	expect(rerun.files).toMatchObject([
		{ fieldName: '$input_image', fileName: 'my sketch.png', sha256: sha256(png) },
	]);
	expect(page).toContain('Here is your picture');
	expect(files).toMatchObject([{ mimeType: 'image/png' }]);
	expect(files[0].content.subarray(0, PNG_START.length)).toEqual(PNG_START);
	const [, src = ''] = /<img src="([^"]+)"/.exec(page) ?? [];
	const shown = await fetch(src.replaceAll('&amp;', '&'));
	expect(Buffer.from(await shown.arrayBuffer())).toEqual(files[0].content);
});

it('when-a-workflow-ends.json goes on with files, and with reasons', async () => {
	const file = 'when-a-workflow-ends.json';
	await activate(file);
	stage.sandbox.failJobs({ status: 'failed', exception_message: 'Allocation on device' });
	const failedId = await startOne('textOnly');
	const completedId = await startOne('textOnly');

	const completed = await executionWith(file, 'Save or send the file', completedId);
	const [item] = completed.items('Save or send the file');
	expect(item.binary?.data).toMatchObject({ mimeType: 'image/png' });
	const failed = await executionWith(file, 'When a workflow ends', failedId);
	const reasons = failed.items('Tell what went wrong').map(({ json }) => json.text);
	expect(reasons).toEqual([`Poem to Picture (${failedId}) failed: Allocation on device`]);
});

it('long-video.json starts a video and goes on when it is finished', async () => {
	const file = 'long-video.json';
	await activate(file);
	const since = stage.sandbox.requests.length;
	await startOne('textOnly');

	const form = formOf(file);
	// For the page's script, which shows it as soon as the form was taken.
	expect(await form.open()).toContain('Your video is being made.');
	expect(await form.submit([PROMPT])).toEqual({ status: 200 });

	const [, rerun] = await waitFor(
		'start of the video',
		async () => (reruns(since).length === 2 ? reruns(since) : undefined),
		PATIENCE_MS,
	);
	expect(rerun.fields).toEqual([{ name: '$prompt', value: PROMPT }]);
	const id = String(rerun.workflowId);
	const started = await executionWith(file, 'Start the video', id);
	expect(started.items('Start the video')).toMatchObject([{ json: { status: 'accepted' } }]);

	const finished = await executionWith(file, 'Save or send the video', id);
	const [item] = finished.items('Save or send the video');
	expect(item.json).toMatchObject({ id, status: 'completed', tags: ['production', 'video'] });
	expect(item.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
	// The workflow without the tag has ended before.
	const executions = await server.owner.executions(EXAMPLES[file].id);
	const items = executions.flatMap((each) => each.items('Save or send the video'));
	expect(items.map(({ json }) => json.id)).toEqual([id]);
});

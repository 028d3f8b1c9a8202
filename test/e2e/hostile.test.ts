import { VALID } from '../nodes/ComfyControl/parameters/corpus';
import { startSandbox, type Sandbox } from '../sandbox';
import { at } from '../support/guards';
import {
	corpusWorkflow,
	credentialWorkflow,
	textOf,
	tooMuchWorkflow,
	waitingWorkflow,
	type Way,
} from './hostileWorkflows';
import type { N8nExecution } from './n8nExecution';
import type { N8nServer } from './n8nServer';
import { setStage, startedPrompts, type Stage } from './stage';
import { RERUN_NODE, triggerNode } from './workflows';

const WAYS: Way[] = ['text', 'expression', 'file'];
const TOO_MUCH = 'tooMuch0000000001';
const WAITING = 'waitingForAll0001';
const UNREADABLE = { id: 'unreadable0000001', name: 'Of another n8n' };
const PROMPTS = ['one', 'three', 'two'];
const START = { method: 'POST', path: /rerun$/ };
const SIXTY_MB = 60 * 1024 * 1024;
const PATIENCE_MS = 150_000;
// The pauses of a read that is tried again, in all.
const TRIED_AGAIN_MS = 15_000;
// Long enough to be retried while it runs.
const RUNNING_MS = 1_500;
const MANUAL = { name: triggerNode().name };

let stage: Stage;
let server: N8nServer;
/** One for each way: the limit of requests is counted for each address. */
let sandboxes: Sandbox[];

beforeAll(async () => {
	sandboxes = await Promise.all(WAYS.map(async () => await startSandbox({ rateLimit: false })));
	stage = await setStage(
		({ seeds }) => [
			...WAYS.map((way) => corpusWorkflow(corpusId(way), way, VALID, credentialOf(way))),
			tooMuchWorkflow(TOO_MUCH, seeds.textToImage, SIXTY_MB),
			waitingWorkflow(WAITING, seeds.textToImage, PROMPTS),
			credentialWorkflow(UNREADABLE.id, seeds.textToImage, UNREADABLE),
		],
		{ rateLimit: false, switches: { repeatsToken: true }, durationsMs: { running: RUNNING_MS } },
	);
	await stage.n8n.importCredentials([
		{ ...UNREADABLE, type: 'comfyControlApi', data: 'U2FsdGVkX1+encryptedWithAnotherKey' },
	]);
	await stage.n8n.importCredentials(
		sandboxes.map(({ apiUrl, token }, index) => ({
			...credentialOf(WAYS[index]),
			type: 'comfyControlApi',
			data: { apiToken: token, baseUrl: apiUrl },
		})),
	);
	server = await stage.n8n.start();
	await server.owner.activate(WAITING);
});

beforeEach(() => stage.sandbox.reset());

afterAll(async () => {
	await server?.stop();
	await stage?.clear();
	await Promise.all((sandboxes ?? []).map(async (sandbox) => await sandbox.stop()));
});

function corpusId(way: Way): string {
	return `corpusBy${way}000000`;
}

function credentialOf(way: Way) {
	return { id: `sandboxOf${way}`, name: `Sandbox for ${way}` };
}

it('sends the JSON of every file byte for byte, from a text, an expression and a file', async () => {
	const executions = await Promise.all(
		WAYS.map(async (way) => await server.owner.run(corpusId(way), MANUAL, PATIENCE_MS)),
	);

	expect(executions.map((execution) => execution.errorMessage())).toEqual(
		WAYS.map(() => undefined),
	);
	const expected = VALID.map((file) => [file.what, textOf(file)]);
	for (const { requests } of sandboxes) {
		const posts = requests.filter(({ method }) => method === 'POST');
		const arrived = (path: string) =>
			posts
				.filter((request) => request.path === path)
				.map(({ fields, files: [json] }) => [
					fields.find(({ name }) => name === 'name')?.value,
					json.content.toString(),
				]);
		expect(arrived('/v1/template').sort()).toEqual([...expected].sort());
		// Of a template its JSON comes back without what is around it.
		const runs = expected.map(([what, text]) => [what, text.trim()]);
		expect(arrived('/v1/workflow').sort()).toEqual([...expected, ...runs].sort());
	}
});

it('sends nothing of 60 MB, wherever they are, and says how much it would be', async () => {
	const execution = await server.owner.run(TOO_MUCH, MANUAL, PATIENCE_MS);

	expect(execution.errorMessage()).toBeUndefined();
	const names = execution.nodeNames.filter((name) => !['Large file', MANUAL.name].includes(name));
	expect(names).toHaveLength(5);
	for (const name of names) {
		const said = execution.items(name, 1).map(({ json }) => at(json, 'error'));
		expect([name, said]).toEqual([
			name,
			[
				{
					message: expect.stringContaining("larger than ComfyControl's limit of 50.0 MB"),
					description: expect.stringMatching(/60\.[01] MB/),
				},
			],
		]);
	}
	expect(stage.sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

it('says at once that n8n can’t decrypt the credential, also where it would wait', async () => {
	const execution = await server.owner.run(UNREADABLE.id, MANUAL, PATIENCE_MS);
	for (const operation of ['get', 'wait', 'rerun']) {
		const said = execution.items(operation, 1).map(({ json }) => at(json, 'error'));
		expect([operation, said]).toEqual([
			operation,
			[expect.objectContaining({ message: expect.stringContaining('could not be decrypted') })],
		]);
		const [{ startMs, endMs }] = execution.runs(operation);
		expect(endMs - startMs).toBeLessThan(TRIED_AGAIN_MS);
	}
	expect(stage.sandbox.requests).toEqual([]);
});

describe('a person’s Retry', () => {
	const run = async () =>
		await server.owner.executionAfter(
			WAITING,
			async () => await fetch(`${server.baseUrl}/webhook/${WAITING}`, { method: 'POST' }),
			PATIENCE_MS,
		);
	const retry = async (loadWorkflow: boolean): Promise<N8nExecution> =>
		await server.owner.executionAfter(
			WAITING,
			async () => await server.owner.retry(WAITING, loadWorkflow),
			PATIENCE_MS,
		);
	const started = () => startedPrompts(stage.sandbox).sort();

	it.each([
		['as it was', false],
		['as it is saved', true],
	])('of the workflow %s waits for what runs, and starts the rest', async (_how, loadWorkflow) => {
		const body = { status: 400, message: 'No runner available with matching tags' };
		stage.sandbox.failNext({ on: START, kind: 'http', status: 400, body, after: 2 });
		expect((await run()).errorMessage()).toBe(body.message);
		expect(started()).toHaveLength(2);

		const retried = await retry(loadWorkflow);
		expect(retried.errorMessage()).toBeUndefined();
		expect(retried.items(RERUN_NODE)).toHaveLength(PROMPTS.length);
		expect(started()).toEqual(PROMPTS);
	});

	it.each([
		['as it was', false],
		['as it is saved', true],
	])('of the workflow %s does not start again what may run', async (_how, loadWorkflow) => {
		stage.sandbox.failNext({ on: START, kind: 'resetAfter', after: 1 });
		const lost = (await run()).errorMessage();
		const before = started();
		expect((await retry(loadWorkflow)).errorMessage()).toBe(lost);
		expect(new Set(started()).size).toBe(started().length);
		expect(started()).toEqual(expect.arrayContaining(before));
	});

	it('starts again what has failed at ComfyControl, whose words are masked and short', async () => {
		const { sandbox } = stage;
		const words = `\u001b[31mRefused Bearer ${sandbox.token} ${'x'.repeat(1_000_000)}`;
		sandbox.failJobs({
			status: 'failed',
			error_node: '3',
			exception_type: sandbox.token,
			exception_message: words,
		});
		const failed = await run();
		expect(failed.errorMessage()).toMatch(/^ComfyUI stopped at node 3: Refused Bearer \*\*\* x+…$/);

		const retried = await retry(false);
		expect(retried.items(RERUN_NODE)).toHaveLength(PROMPTS.length);
		expect(started()).toHaveLength(PROMPTS.length + 1);
		expect([...new Set(started())]).toEqual(PROMPTS);
	});
});

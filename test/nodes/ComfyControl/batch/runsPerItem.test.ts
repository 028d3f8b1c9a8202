import type { INodeParameters } from 'n8n-workflow';

import { inlineFile, type EngineRun } from '../../../support/engine';
import { file, FileServer, saying } from '../../../support/fileServer';
import { rerunParameters } from '../../../support/rerun';
import { byId, ERROR_OUTPUT, refusal, rows, SEEDS, sentBy, stage } from '../../../support/stage';

const JOB_MS = 10_000;
const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

const at = stage({ durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: JOB_MS } });

const ROWS = rows({ prompt: 'a' }, { prompt: 'b' });
const PROMPT = { text: [{ name: 'prompt', value: '={{ $json.prompt }}' }] };

function reruns(options: INodeParameters, more: INodeParameters = {}): INodeParameters {
	return { ...rerunParameters(SEEDS.textToImage, PROMPT), options, ...more };
}

const waiting = { waitForCompletion: true };

async function run(parameters: INodeParameters, more: Partial<EngineRun> = {}) {
	return await at.run(parameters, { items: ROWS, ...more });
}

/** The prompts of the workflows that were started. */
function started(): string {
	return at.sandbox.workflows
		.filter(({ rerunOf }) => rerunOf !== null)
		.map(({ params }) => params.find(({ name }) => name === 'prompt')?.value ?? '')
		.sort()
		.join('');
}

function startedIds(): string[] {
	return at.sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null).map(({ id }) => id);
}

const posts = () => sentBy(at.sandbox, 'POST');

describe('runs of an item', () => {
	it('are as many workflows, numbered and linked to the item', async () => {
		const { outputs } = await run(reruns({ runsPerItem: 3 }));
		expect(started()).toBe('aaabbb');
		const places = outputs[0].map(({ json, pairedItem }) => [json.runNumber, pairedItem]);
		expect(places).toEqual([
			...[1, 2, 3].map((number) => [number, { item: 0 }]),
			...[1, 2, 3].map((number) => [number, { item: 1 }]),
		]);
		expect(new Set(outputs[0].map(({ json }) => json.id)).size).toBe(6);
	});

	it('are one by default, whose response goes on untouched', async () => {
		const { outputs } = await run(reruns({}));
		expect(started()).toBe('ab');
		expect(outputs[0][0].json).not.toHaveProperty('runNumber');
	});

	it('may be another number for each item, from a text too', async () => {
		const items = rows({ prompt: 'a', runs: '2' }, { prompt: 'b', runs: 1 });
		const { outputs } = await run(reruns({ runsPerItem: '={{ $json.runs }}' }), { items });
		expect(outputs[0].map(({ json }) => json.runNumber)).toEqual([1, 2, undefined]);
		expect(started()).toBe('aab');
	});

	it('are a hundred at most', async () => {
		const { outputs } = await run(reruns({ runsPerItem: 100 }), { items: ROWS.slice(0, 1) });
		expect(outputs[0].map(({ json }) => json.runNumber)).toEqual(
			Array.from({ length: 100 }, (_, index) => index + 1),
		);
		expect(started()).toHaveLength(100);
	});

	it.each([
		['0', 0],
		['101', 101],
		['2.5', 2.5],
		['a text', 'many'],
		['true', '={{ true }}'],
		['an empty text', '={{ "" }}'],
		['nothing', '={{ $json.nothing }}'],
		['null', '={{ null }}'],
	])('are no number when they are %s, before anything is sent', async (_, runsPerItem) => {
		const { error } = await run(reruns({ runsPerItem }));
		expect(error).toMatchObject({
			message: "'Runs per Item' is not a whole number from 1 to 100",
			description: expect.stringContaining('Nothing was sent for any item.'),
			context: { itemIndex: 0 },
		});
		expect(at.sandbox.requests).toEqual([]);
	});

	it('are waited for and collected together, each with its own files', async () => {
		const { outputs } = await run(
			reruns({ runsPerItem: 2, outputFileName: '={{ $json.prompt }}' }, waiting),
		);
		expect(outputs[0].map(({ binary }) => binary?.data.fileName)).toEqual([
			'a.png',
			'a_run2.png',
			'b.png',
			'b_run2.png',
		]);
		const ids = outputs[0].map(({ json }) => json.id);
		expect(new Set(ids).size).toBe(4);
		expect(outputs[0].map(({ json }) => json.status)).toEqual(Array(4).fill('completed'));
	});

	it('keep the item’s fields, beside their numbers', async () => {
		const items = rows({ prompt: 'a', runNumber: 'mine' });
		const { outputs } = await run(reruns({ runsPerItem: 2, includeInputFields: true }), { items });
		expect(outputs[0].map(({ json }) => [json.prompt, json.runNumber])).toEqual([
			['a', 1],
			['a', 2],
		]);
	});

	it('go one after the other if no more may run at once', async () => {
		await run(reruns({ runsPerItem: 3, workflowsAtOnce: 1 }, waiting), { items: ROWS.slice(0, 1) });
		const [first, second, third] = posts().map(({ atMs }) => atMs);
		expect(second - first).toBeGreaterThanOrEqual(JOB_MS);
		expect(third - second).toBeGreaterThanOrEqual(JOB_MS);
	});

	it('each upload the item’s file', async () => {
		const content = Buffer.from('89504e470d0a1a0a', 'hex');
		const file = { file: [{ name: 'input_image', binaryPropertyName: '' }] };
		await run(
			{ ...rerunParameters(SEEDS.textToImage, file), options: { runsPerItem: 3 } },
			{
				items: [{ json: {}, binary: { data: inlineFile(content) } }],
			},
		);
		expect(posts().map(({ files }) => files[0].content)).toEqual(Array(3).fill(content));
	});

	it.each([
		[
			'Create',
			{
				resource: 'workflow',
				operation: 'create',
				name: 'A',
				workflowJson: '{"1":{"class_type":"A","inputs":{}}}',
			},
		],
		[
			'Template > Run',
			{
				resource: 'template',
				operation: 'run',
				templateId: byId(SEEDS.templates.video),
				parameters: PROMPT,
			},
		],
	])('are there in %s too', async (_, parameters) => {
		const { outputs } = await run({ ...parameters, options: { runsPerItem: 2 } });
		expect(outputs[0].map(({ json }) => json.runNumber)).toEqual([1, 2, 1, 2]);
		expect(posts()).toHaveLength(4);
	});
});

describe('when one of several runs fails', () => {
	const refused = (after: number) =>
		at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(400, 'no'), after });

	it('the others go on, and the error says which it was', async () => {
		refused(1);
		const { outputs } = await run(reruns({ runsPerItem: 3 }, waiting), {
			items: ROWS.slice(0, 1),
			settings: ERROR_OUTPUT,
		});
		expect(outputs[0].map(({ json }) => json.runNumber)).toEqual([1, 3]);
		expect(outputs[1]).toMatchObject([
			{ json: { error: { message: 'No', runNumber: 2 } }, pairedItem: { item: 0 } },
		]);
	});

	it('the execution ends, and the error names those that were started', async () => {
		refused(2);
		const { error } = await run(reruns({ runsPerItem: 3, workflowsAtOnce: 1 }, waiting));
		expect(started()).toBe('aa');
		const [one, other] = startedIds();
		expect(error.description).toContain('This was item 0, run 3.');
		expect(error.description).toContain(`${one} (item 0, run 1), ${other} (item 0, run 2)`);
	});

	it('because of the item, that is told once', async () => {
		const items = rows({ prompt: null }, { prompt: 'b' });
		const { outputs } = await run(reruns({ runsPerItem: 3 }), { items, settings: ERROR_OUTPUT });
		expect(outputs[0].map(({ json }) => json.runNumber)).toEqual([1, 2, 3]);
		expect(outputs[1]).toHaveLength(1);
		expect(outputs[1][0].json.error).not.toHaveProperty('runNumber');
	});

	it('Retry On Fail sends that one alone', async () => {
		refused(4);
		const { outputs } = await run(reruns({ runsPerItem: 3 }, waiting), { settings: RETRY });
		expect(started()).toBe('aaabbb');
		expect(outputs[0].map(({ json }) => json.runNumber)).toEqual([1, 2, 3, 1, 2, 3]);
		expect(posts()).toHaveLength(7);
	});

	it('Retry On Fail does not send again whose answer got lost, and names the others', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'resetAfter', after: 1 });
		const { error } = await run(reruns({ runsPerItem: 3, workflowsAtOnce: 1 }, waiting), {
			items: ROWS.slice(0, 1),
			settings: RETRY,
		});
		expect(started()).toBe('aa');
		expect(error.description).toContain('may have been started');
		expect(error.description).toContain(`${startedIds()[0]} (item 0, run 1)`);
	});

	it('Retry On Fail sends nothing more once an answer got lost', async () => {
		refused(0);
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'resetAfter', times: 2 });
		const { error } = await run(reruns({ runsPerItem: 3 }, waiting), {
			items: ROWS.slice(0, 1),
			settings: RETRY,
		});
		expect(posts()).toHaveLength(3);
		expect(error.description).toContain('Nothing more was sent.');
		expect(error.description).toContain('may have been started too: those of items 0.');
		expect(error.description).not.toContain("Other items can't be sent");
	});

	it('Retry On Fail follows the others of it that have started', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'resetAfter' });
		const { outputs } = await run(reruns({ runsPerItem: 3 }, waiting), {
			items: ROWS.slice(0, 1),
			settings: { ...RETRY, onError: 'continueRegularOutput' },
		});
		expect(started()).toBe('aaa');
		expect(outputs[0]).toMatchObject([
			{ json: { error: { runNumber: 1 } } },
			{ json: { status: 'completed', runNumber: 2 } },
			{ json: { status: 'completed', runNumber: 3 } },
		]);
	});

	it('Retry On Fail waits for what has started of an item whose file is gone now', async () => {
		const web = await FileServer.start();
		const image = Buffer.from('89504e470d0a1a0a', 'hex');
		const binaryPropertyName = web.serve('/a.png', file(image), saying(404));
		const parameters = { file: [{ name: 'input_image', binaryPropertyName }] };
		refused(0);
		const { outputs } = await run(
			{
				...rerunParameters(SEEDS.textToImage, parameters),
				...waiting,
				options: { runsPerItem: 3 },
			},
			{ items: ROWS.slice(0, 1), settings: { ...RETRY, onError: 'continueRegularOutput' } },
		);
		web.stop();
		expect(outputs[0]).toMatchObject([
			{ json: { error: { runNumber: 1, message: expect.stringContaining('404') } } },
			{ json: { status: 'completed', runNumber: 2 } },
			{ json: { status: 'completed', runNumber: 3 } },
		]);
	});

	it('a person’s retry starts that one again, and takes up the others', async () => {
		at.sandbox.failJobs({ status: 'failed' });
		const failed = await run(reruns({ runsPerItem: 3 }, waiting), { items: ROWS.slice(0, 1) });
		expect(failed.error.message).not.toBe('');
		const again = await run(reruns({ runsPerItem: 3 }, waiting), { retried: failed });
		expect(started()).toBe('aaaa');
		expect(again.outputs[0].map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
	});

	it('a person’s retry with more runs takes up what there is', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(400, 'no'), after: 1 });
		const failed = await run(reruns({}));
		await run(reruns({ runsPerItem: 2 }), { retried: failed });
		expect(started()).toBe('aabb');
	});
});

describe('the tool of an agent', () => {
	const one = ROWS.slice(0, 1);

	it('starts each of several equal runs, and as many when it is asked again', async () => {
		const { rounds } = await run(reruns({ runsPerItem: 3 }, waiting), {
			items: one,
			asTool: true,
			rounds: 2,
		});
		expect(started()).toBe('aaaaaa');
		expect(rounds.map(([items]) => items.length)).toEqual([3, 3]);
	});

	it('does not start again what has completed when n8n tries again as the first run has failed', async () => {
		at.sandbox.failJobs({ status: 'failed' });
		const { rounds } = await run(reruns({ runsPerItem: 2, workflowsAtOnce: 1 }, waiting), {
			items: one,
			asTool: true,
			settings: { ...RETRY, onError: 'continueRegularOutput' },
		});
		expect(started()).toBe('aaa');
		expect(rounds.at(-1)?.[0].map(({ json }) => json.status)).toEqual(['completed', 'completed']);
	});

	it('takes up what was started when one has failed and it is asked for the same again', async () => {
		at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(400, 'no'), after: 2 });
		const { rounds, error } = await run(reruns({ runsPerItem: 3, workflowsAtOnce: 1 }, waiting), {
			items: one,
			asTool: true,
			settings: RETRY,
		});
		expect(error.message).toBe('');
		expect(started()).toBe('aaa');
		expect(rounds[0][0].map(({ json }) => json.runNumber)).toEqual([1, 2, 3]);
	});
});

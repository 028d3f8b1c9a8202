import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { EngineResult } from '../../../support/engine';
import { clock } from '../../../support/clock';
import { rerunParameters } from '../../../support/rerun';
import { refusal, rows, SEEDS, stage } from '../../../support/stage';

const JOB_MS = 10_000;

const at = stage({ durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: JOB_MS } });

const PROMPTS = rows({ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' });

function reruns(more: INodeParameters = {}): INodeParameters {
	const prompt = { text: [{ name: 'prompt', value: '={{ $json.prompt }}' }] };
	return { ...rerunParameters(SEEDS.textToImage, prompt), waitForCompletion: true, ...more };
}

/** What a person's click on Retry does, with the node as it is saved now. */
async function retry(
	retried: EngineResult,
	parameters: INodeParameters,
	items: INodeExecutionData[] = PROMPTS,
) {
	return await at.run(parameters, { items, retried });
}

/** The prompts of the workflows that were started, in order. */
function started(): string[] {
	return at.sandbox.workflows
		.filter(({ rerunOf }) => rerunOf !== null)
		.map(({ params }) => params.find(({ name }) => name === 'prompt')?.value ?? '');
}

const idsOf = ({ outputs }: EngineResult) => outputs[0].map(({ json }) => json.id);

it('starts again what has failed at ComfyControl, and takes up the rest', async () => {
	at.sandbox.failJobs({ status: 'failed' });
	const failed = await at.run(reruns(), { items: PROMPTS });
	expect(failed.error.message).not.toBe('');
	const again = await retry(failed, reruns());
	expect(again.outputs[0].map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
	expect(started().sort()).toEqual(['a', 'a', 'b', 'c']);
});

it('starts again what has failed only after the execution, without a further click', async () => {
	at.sandbox.failJobs({ status: 'failed' });
	const failed = await at.run(reruns({ options: { timeout: 2 } }), { items: PROMPTS });
	expect(failed.error.message).toContain('not finished after 2 seconds');
	await clock.pause(JOB_MS);
	const again = await retry(failed, reruns({ options: { timeout: 60 } }));
	expect(again.outputs[0].map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
	expect(started().sort()).toEqual(['a', 'a', 'b', 'c']);
});

it('waits anew for what still runs, for the whole timeout', async () => {
	const failed = await at.run(reruns({ options: { timeout: 9 } }), { items: PROMPTS });
	expect(failed.error.message).toContain('not finished after 9 seconds');
	const again = await retry(failed, reruns({ options: { timeout: 9 } }));
	expect(again.outputs[0]).toHaveLength(3);
	expect(started()).toHaveLength(3);
});

it('hands on what was accepted before one start was refused', async () => {
	at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(400, 'no'), after: 2 });
	const plain = reruns({ waitForCompletion: false });
	const failed = await at.run(plain, { items: PROMPTS });
	const ids = at.sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null).map(({ id }) => id);
	expect(ids).toHaveLength(2);
	const again = await retry(failed, plain);
	expect(idsOf(again)).toEqual([...ids, expect.anything()]);
	expect(started().sort()).toEqual(['a', 'b', 'c']);
});

it('does not send again what may have been started, and says so again', async () => {
	at.sandbox.failNext({ on: { path: /rerun$/ }, kind: 'resetAfter' });
	const failed = await at.run(reruns(), { items: PROMPTS.slice(0, 1) });
	const again = await retry(failed, reruns(), PROMPTS.slice(0, 1));
	expect(again.error).toMatchObject({
		message: failed.error.message,
		description: expect.stringContaining('may have been started'),
	});
	expect(started()).toEqual(['a']);
});

it('starts what has changed since', async () => {
	at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(400, 'no'), after: 2 });
	const plain = reruns({ waitForCompletion: false });
	const failed = await at.run(plain, { items: PROMPTS });
	const changed = reruns({
		waitForCompletion: false,
		parameters: { text: [{ name: 'prompt', value: '={{ $json.prompt }}!' }] },
	});
	await retry(failed, changed);
	expect(started().sort()).toEqual(['a', 'a!', 'b', 'b!', 'c!']);
});

it('remembers from retry to retry', async () => {
	at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(400, 'no'), after: 2, times: 2 });
	const plain = reruns({ waitForCompletion: false });
	let last = await at.run(plain, { items: PROMPTS });
	for (let clicks = 0; clicks < 2; clicks++) last = await retry(last, plain);
	expect(last.outputs[0]).toHaveLength(3);
	expect(started().sort()).toEqual(['a', 'b', 'c']);
});

it('starts again what has failed though Retry On Fail comes between', async () => {
	const refused = refusal(400, 'no');
	const two = { items: PROMPTS.slice(0, 2) };
	at.sandbox.failJobs({ status: 'failed' });
	at.sandbox.failNext({ on: { path: /rerun$/ }, ...refused, after: 1 });
	const failed = await at.run(reruns(), two);
	expect(failed.error.message).toBe('No');
	await clock.pause(JOB_MS);

	// The first attempt ends before it has seen that the workflow of 'a' has failed.
	at.sandbox.failNext({ on: { path: /rerun$/ }, ...refused });
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const again = await at.run(reruns(), { ...two, settings, retried: failed });
	expect(again.outputs[0]?.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
	expect(started().sort()).toEqual(['a', 'a', 'b']);
});

it('starts again what has failed at ComfyControl though it no longer waits', async () => {
	at.sandbox.failJobs({ status: 'failed' });
	const failed = await at.run(reruns(), { items: PROMPTS });
	await retry(failed, reruns({ waitForCompletion: false }));
	expect(started().sort()).toEqual(['a', 'a', 'b', 'c']);
});

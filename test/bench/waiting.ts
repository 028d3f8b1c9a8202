/* eslint-disable @n8n/community-nodes/no-restricted-imports -- measures a real n8n on the developer's machine, never part of the node */
import { setTimeout as delay } from 'node:timers/promises';
import type { N8nExecution } from '../e2e/n8nExecution';
import { chain, triggerNode, type N8nWorkflow } from '../e2e/workflows';
import type { Sandbox } from '../sandbox';
import { waitFor } from '../support/processes';
import { figuresOf, files, isComplete, loopFiles, type Figures } from './batchFigures';
import {
	downloadNode,
	loopWorkflow,
	ourNode,
	OUTPUTS,
	outputsNode,
	ourWorkflow,
	RERUN,
} from './batchWorkflows';
import {
	ANSWER_MS,
	CONNECT_MS,
	idealMs,
	median,
	onStage,
	seconds,
	type Bench,
	type Report,
	type Target,
} from './bench';

const OURS = 'waitingBenchOurs0';
const THEIRS = 'waitingBenchLoop0';
const BATCHED = 'waitingBenchEven0';
// Nodes of the loop follow each other without a pause, so that only an even pace keeps within the limit.
const EVEN_PACE = { batchSize: 3, batchInterval: 1_000 };

/** A batch on a runner that does four at a time. */
export const JOBS: Bench = {
	title: '(c) 40 jobs of 20 s, 4 at a time on the runner, until their files are in n8n',
	takesMinutes: 9,
	run: async () => {
		const count = 40;
		return await onStage(
			({ apiUrl, seeds }) => {
				const job = { apiUrl, originalId: seeds.textToImage, count };
				return [
					ourWorkflow(OURS, job, { waitForCompletion: true }),
					loopWorkflow(THEIRS, job),
					loopWorkflow(BATCHED, job, EVEN_PACE),
				];
			},
			{ durationsMs: { running: 20_000 }, parallelJobs: 4 },
			async ({ sandbox, execute }) => {
				const ours = figuresOf(await execute(OURS), sandbox, count, files);
				sandbox.reset();
				const loop = figuresOf(await execute(THEIRS), sandbox, count, loopFiles);
				sandbox.reset();
				const batched = figuresOf(await execute(BATCHED), sandbox, count, loopFiles);
				const targets: Target[] = [
					['all 40 done, none twice', isComplete(ours)],
					['at most the queue’s own time + 2 s', ours.wallMs <= (ours.queueMs ?? 0) + 2_000],
					['at most 3.2 requests a job', ours.requestsPerJob <= 3.2],
				];
				return {
					rows: {
						'ComfyControl node': row(ours),
						'HTTP Request, Wait and IF': row(loop),
						'HTTP Request, Wait and IF, batches of 3 each 1 s': row(batched),
					},
					targets,
				};
			},
		);
	},
};

function row(figures: Figures) {
	return {
		'Wall time, s': seconds(figures.wallMs),
		'The queue’s own, s': figures.queueMs === undefined ? '' : seconds(figures.queueMs),
		'Requests a job': Math.round(figures.requestsPerJob * 100) / 100,
		'429s': figures.refused,
		Done: figures.handedOver,
		Lost: figures.lost,
		'Ended with': figures.error === undefined ? 'success' : 'error',
	};
}

const RUN_SECONDS = [2, 5, 15, 40, 120];
const LONGEST_RUN_MS = 180_000;
const TIMES = 10;
// More of them would together ask for more than the limit allows, and wait for each other.
const SIDE_BY_SIDE = 3;
// So that they don't move in step.
const APART_MS = 730;

/** How long a finished job waits to be seen: from its end to its file in n8n. */
export const SEEN: Bench = {
	title: `(d) One job, ${TIMES} times: from its end to its file in n8n, when the original's run time is known and when it is not`,
	takesMinutes: 18,
	run: async () => {
		const report: Report = { rows: {}, targets: [] };
		// Each in an n8n of its own.
		const all = await Promise.all(
			RUN_SECONDS.map(async (runSeconds) => ({
				runSeconds,
				...(await latenesses(runSeconds * 1_000)),
			})),
		);
		for (const { runSeconds, known, unknown } of all) {
			report.rows[`${runSeconds} s`] = {
				'Known: median, s': seconds(median(known)),
				'most, s': seconds(Math.max(...known)),
				'Unknown: median, s': seconds(median(unknown)),
				'most, s ': seconds(Math.max(...unknown)),
			};
			report.targets.push(
				[
					`${runSeconds} s, known: median at most 0.4 s + 3 answers`,
					median(known) <= 400 + 3 * (CONNECT_MS + ANSWER_MS),
				],
				[
					`${runSeconds} s, unknown: median at most 0.8 s + 3 answers`,
					median(unknown) <= 800 + 3 * (CONNECT_MS + ANSWER_MS),
				],
			);
		}
		return report;
	},
};

async function latenesses(running: number): Promise<{ known: number[]; unknown: number[] }> {
	return await onStage(
		async (sandbox) => {
			const workflowId = byId(await jobThatEnds(sandbox));
			const again = (id: string, options: object) =>
				chain(id, id, [
					triggerNode(),
					ourNode({ workflowId, parameters: PROMPT, waitForCompletion: true, options }),
				]);
			return [again(OURS, {}), again(THEIRS, { checkParameters: false })];
		},
		{ durationsMs: { running }, parallelJobs: SIDE_BY_SIDE, rateLimit: false },
		async ({ sandbox, execute }) => {
			const late = async (workflowId: string) => {
				const found: number[] = [];
				const latenessOf = async (_: unknown, index: number) => {
					await delay(index * APART_MS);
					found.push(lateness(await execute(workflowId), sandbox));
				};
				while (found.length < TIMES) {
					const length = Math.min(SIDE_BY_SIDE, TIMES - found.length);
					await Promise.all(Array.from({ length }, latenessOf));
				}
				return found;
			};
			return { known: await late(OURS), unknown: await late(THEIRS) };
		},
	);
}

const PROMPT = { text: [{ name: 'prompt', value: 'a lighthouse at dawn' }] };

/** From the end of the execution's job to its file in n8n, in milliseconds. */
function lateness(execution: N8nExecution, { workflows }: Sandbox): number {
	const [run] = execution.runs(RERUN);
	const [id] = files(execution);
	const endedAtMs = workflows.find((workflow) => workflow.id === id)?.endedAtMs;
	if (typeof endedAtMs !== 'number') throw new Error(`No file: ${execution.errorMessage()}`);
	return run.endMs - endedAtMs;
}

const OUTPUT_COUNT = 20;
const OUTPUT_BYTES = 1_000_000;

/** Many files of one job, beside a list and a download of each by HTTP Request. */
export const OUTPUT_FILES: Bench = {
	title: `(e) ${OUTPUT_COUNT} outputs of 1 MB of one job`,
	takesMinutes: 1,
	run: async () =>
		await onStage(
			async (sandbox) => {
				sandbox.failJobs({ status: 'completed', outputs: OUTPUT_COUNT });
				const id = await jobThatEnds(sandbox);
				return [getOutputsWorkflow(OURS, id), listAndDownload(THEIRS, id, sandbox)];
			},
			{
				durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: 0 },
				pictures: Buffer.alloc(OUTPUT_BYTES),
			},
			async ({ execute }) => {
				const ours: number[] = [];
				const theirs: number[] = [];
				for (let time = 0; time < 5; time++) {
					const [run] = (await execute(OURS)).runs(RERUN);
					if (run.outputs.flat().length !== OUTPUT_COUNT) throw new Error('Not all outputs came');
					ours.push(run.endMs - run.startMs);
					const http = await execute(THEIRS);
					theirs.push(http.endMs - http.runs(OUTPUTS)[0].startMs);
				}
				const targets: Target[] = [
					[
						'at most 4 answers + the transfer',
						median(ours) <= 4 * (CONNECT_MS + ANSWER_MS) + TRANSFER_MS,
					],
				];
				return {
					rows: {
						'ComfyControl node, Get Outputs': { 'Median, s': seconds(median(ours)) },
						'HTTP Request, list and download': { 'Median, s': seconds(median(theirs)) },
					},
					targets,
				};
			},
		),
};

// 20 MB at 100 MB in a second, as n8n writes them into its own store.
const TRANSFER_MS = (OUTPUT_COUNT * OUTPUT_BYTES) / 100_000;

/** Starts a job, without n8n, and waits for its end. */
async function jobThatEnds(sandbox: Sandbox): Promise<string> {
	const { apiUrl, token, seeds } = sandbox;
	const response = await fetch(`${apiUrl}/v1/workflow/${seeds.textToImage}/rerun`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: new FormData(),
	});
	const { id }: { id: string } = JSON.parse(await response.text());
	const isEnded = () =>
		sandbox.workflows.some((job) => job.id === id && job.endedAtMs !== null) || undefined;
	await waitFor('end of the job', async () => isEnded(), LONGEST_RUN_MS);
	return id;
}

function byId(value: string) {
	return { __rl: true, mode: 'id', value };
}

function getOutputsWorkflow(id: string, jobId: string): N8nWorkflow {
	const operation = { operation: 'getOutputs', workflowId: byId(jobId) };
	return chain(id, id, [triggerNode(), ourNode(operation)]);
}

function listAndDownload(id: string, jobId: string, { apiUrl }: Sandbox): N8nWorkflow {
	return chain(id, id, [triggerNode(), outputsNode({ apiUrl }, jobId), downloadNode()]);
}

const WAITING = 500;
const OTHERS = 50;

/** A large batch that waits while another execution starts. */
export const CROWD: Bench = {
	title: `(g) ${WAITING} waiting items, and ${OTHERS} others that start meanwhile`,
	takesMinutes: 5,
	run: async () =>
		await onStage(
			({ apiUrl, seeds }) => {
				const job = { apiUrl, originalId: seeds.textToImage };
				const waits = { waitForCompletion: true, downloadOutputs: false };
				return [
					ourWorkflow(OURS, { ...job, count: WAITING }, waits),
					ourWorkflow(THEIRS, { ...job, count: OTHERS, subject: 'a ferry' }, waits),
				];
			},
			{ durationsMs: { running: 60_000 }, parallelJobs: WAITING + OTHERS },
			async ({ sandbox, execute }) => {
				const waiting = execute(OURS);
				await delay(idealMs(WAITING));
				const both = await Promise.all([waiting, execute(THEIRS)]);
				const ends = sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null);
				const lastEndMs = Math.max(...ends.map(({ endedAtMs }) => endedAtMs ?? Infinity));
				const lateMs = Math.max(...both.map(({ endMs }) => endMs)) - lastEndMs;
				const done = both.flatMap((execution) => execution.items(RERUN));
				const targets: Target[] = [
					['all done within 30 s of the last job’s end', lateMs <= 30_000],
					['all done', done.length === WAITING + OTHERS],
				];
				const refused = sandbox.requests.filter(({ status }) => status === 429).length;
				return {
					rows: {
						'ComfyControl node': {
							'After the last job’s end, s': seconds(lateMs),
							Done: done.length,
							'429s': refused,
						},
					},
					targets,
				};
			},
		),
};

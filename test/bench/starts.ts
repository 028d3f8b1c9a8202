/* eslint-disable @n8n/community-nodes/no-restricted-imports -- measures a real n8n on the developer's machine, never part of the node */
import { setTimeout as delay } from 'node:timers/promises';
import { figuresOf, isComplete, responses, type Figures } from './batchFigures';
import { httpWorkflow, ourWorkflow, type BatchJob } from './batchWorkflows';
import {
	ANSWER_MS,
	CONNECT_MS,
	idealMs,
	LIMIT,
	median,
	onStage,
	seconds,
	type Bench,
	type Report,
	type RunningStage,
	type Target,
} from './bench';

const COUNTS = [1, 10, 39];
const TIMES = 5;
const OURS = 'batchBenchOurs000';
const THEIRS = 'batchBenchHttp000';
const BATCHED = 'batchBenchBatched';

// The most that the limit allows, with half a second for what the network does.
const FULL_WINDOWS = { batchSize: LIMIT.requests, batchInterval: LIMIT.windowMs + 500 };
// Ours remembers its requests longer than the sandbox, which forgets them when it is reset.
const QUIET_MS = LIMIT.windowMs + 1_500;

/** Starts that fit into one window of the limit, beside HTTP Request. */
export const FEW_STARTS: Bench = {
	title: `(a) 1, 10 and 39 starts: the first execution of an n8n process, and the median of ${TIMES} later ones`,
	takesMinutes: 6,
	run: async () => {
		const report: Report = { rows: {}, targets: [] };
		for (const count of COUNTS) {
			const { http, first, later } = await fewStarts(count);
			report.rows[`${count} starts`] = {
				'HTTP Request, s': seconds(http),
				'First, s': seconds(first),
				'Later, s': seconds(later),
				'Later ÷ HTTP Request': Math.round((later / http) * 100) / 100,
			};
			report.targets.push(
				[`${count} starts, later: at most 1.3 × HTTP Request`, later <= 1.3 * http],
				[`${count} starts, first: one answer more`, first <= 1.3 * http + CONNECT_MS + ANSWER_MS],
			);
		}
		return report;
	},
};

async function fewStarts(count: number) {
	return await onStage(
		({ apiUrl, seeds }) => {
			const job = { apiUrl, originalId: seeds.textToImage, count };
			return [ourWorkflow(OURS, job, {}), httpWorkflow(THEIRS, job)];
		},
		{},
		async (stage) => {
			// n8n reads its nodes from disk when they run for the first time, whoever's they are.
			await wallMs(stage, THEIRS, count);
			const http: number[] = [];
			for (let time = 0; time < TIMES; time++) http.push(await wallMs(stage, THEIRS, count));
			const first = await wallMs(stage, OURS, count);
			const later: number[] = [];
			for (let time = 0; time < TIMES; time++) {
				await delay(QUIET_MS);
				later.push(await wallMs(stage, OURS, count));
			}
			return { http: median(http), first, later: median(later) };
		},
	);
}

async function wallMs(stage: RunningStage, workflowId: string, count: number): Promise<number> {
	const figures = await started(stage, workflowId, count);
	if (!isComplete(figures)) throw new Error(`${workflowId}: not each of ${count} was started once`);
	return figures.wallMs;
}

async function started(
	{ sandbox, execute }: RunningStage,
	workflowId: string,
	count: number,
): Promise<Figures> {
	sandbox.reset();
	return figuresOf(await execute(workflowId), sandbox, count, responses);
}

/** More starts than the limit allows in a window, beside HTTP Request. */
export const MANY_STARTS: Bench = {
	title: '(b) 120 starts. The limit of 40 requests in 10 s makes 20 s the least.',
	takesMinutes: 3,
	run: async () => {
		const count = 120;
		return await onStage(
			({ apiUrl, seeds }) => {
				const job: BatchJob = { apiUrl, originalId: seeds.textToImage, count };
				return [
					ourWorkflow(OURS, job, {}),
					httpWorkflow(THEIRS, job),
					httpWorkflow(BATCHED, job, FULL_WINDOWS),
				];
			},
			{},
			async (stage) => {
				const http = await started(stage, THEIRS, count);
				const batched = await started(stage, BATCHED, count);
				const first = await started(stage, OURS, count);
				await delay(QUIET_MS);
				const second = await started(stage, OURS, count);
				const leastMs = idealMs(count);
				const targets: Target[] = [
					['no answer with 429', first.refused + second.refused === 0],
					['all 120 done, none twice', isComplete(first) && isComplete(second)],
					['second execution: at most 1.05 × 20 s + 1 s', second.wallMs <= 1.05 * leastMs + 1_000],
				];
				return {
					rows: {
						'ComfyControl node, first execution': row(first),
						'ComfyControl node, second execution': row(second),
						'HTTP Request': row(http),
						'HTTP Request, batches of 40 each 10.5 s': row(batched),
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
		'429s': figures.refused,
		Done: figures.handedOver,
		Lost: figures.lost,
		'Never started': figures.neverStarted,
		'Ended with': figures.error === undefined ? 'success' : 'error',
	};
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- watches a real n8n on the developer's machine, never part of the node */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setStage, startedPrompts, type Stage } from '../e2e/stage';
import type { Fault } from '../sandbox';
import { PROBE, probeEnv, samplesIn, type Sample } from './samples';
import { soakWorkflows, TRIGGER_ID, WEBHOOK_IDS, type Kind } from './soakWorkflows';

const MEBIBYTE = 1024 * 1024;
const MINUTE_MS = 60_000;
const WARM_UP_SHARE = 1 / 3;
const BATCH_SIZE = 5;
const FAULT_EVERY_MS = 3_000;
// Longer than sockets are kept open for a next request, and than two samples are apart.
const IDLE_MS = 45_000;
const FAULTS: Array<Omit<Fault, 'on'>> = [
	{ kind: 'resetBefore' },
	{ kind: 'resetAfter' },
	{ kind: 'http', status: 500, body: { status: 500, message: 'Internal error' } },
	{ kind: 'http', status: 503, body: { status: 503, message: 'Unavailable' } },
	{ kind: 'html', status: 502, body: '<html>Bad gateway</html>' },
	{ kind: 'html', status: 429, body: '<html>Too many requests</html>' },
	{ kind: 'slowBody' },
	{ kind: 'hang' },
	{ kind: 'drip' },
	{ kind: 'truncatedBody' },
	{ kind: 'invalidJson' },
	{ kind: 'emptyBody' },
];

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
	const folder = await mkdtemp(path.join(tmpdir(), 'comfycontrol-soak-'));
	const samplesFile = path.join(folder, 'samples');
	const stage = await setStage(
		({ seeds }) => soakWorkflows(seeds.textToImage),
		{ durationsMs: { running: 1_000 } },
		{
			preload: [PROBE],
			env: {
				...probeEnv(samplesFile),
				// What n8n itself keeps of past executions is not what is watched here.
				EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
				EXECUTIONS_DATA_SAVE_ON_ERROR: 'none',
			},
		},
	);
	try {
		const server = await stage.n8n.start();
		try {
			for (const id of [...Object.values(WEBHOOK_IDS), TRIGGER_ID]) await server.owner.activate(id);
			await delay(IDLE_MS);
			const startMs = Date.now();
			const counts = await load(stage, server.baseUrl, Number(values.minutes) * MINUTE_MS);
			const endMs = Date.now();
			stage.sandbox.reset();
			await delay(IDLE_MS);
			const samples = await samplesIn(samplesFile);
			report(samples, startMs, endMs);
			console.log(counts);
			const rejections = samples.at(-1)?.unhandledRejections ?? 0;
			if (counts.startedTwice + rejections > 0) process.exitCode = 1;
			console.log(server.process.log.split('\n').slice(-5).join('\n'));
		} finally {
			await server.stop();
		}
	} finally {
		await stage.clear();
		await rm(folder, { recursive: true });
	}
}

/** Keeps all workflows busy, with something going wrong every few seconds. */
async function load({ sandbox }: Stage, baseUrl: string, durationMs: number) {
	const endMs = Date.now() + durationMs;
	const executions: Record<string, number> = {};
	let faults = 0;
	let next = 0;
	const isOver = () => Date.now() >= endMs;
	const keepRunning = async (kind: Kind) => {
		while (!isOver()) {
			const prompts = Array.from({ length: BATCH_SIZE }, () => `picture ${next++}`);
			const { status } = await post(`${baseUrl}/webhook/${kind}`, { prompts, prompt: prompts[0] });
			const key = `${kind}, answered ${status}`;
			executions[key] = (executions[key] ?? 0) + 1;
		}
	};
	const keepFailing = async () => {
		while (!isOver()) {
			const fault = FAULTS[faults++ % FAULTS.length];
			sandbox.failNext({ ...fault, on: {} });
			await delay(FAULT_EVERY_MS);
		}
	};
	await Promise.all([
		keepRunning('batch'),
		keepRunning('batch'),
		keepRunning('upload'),
		keepRunning('list'),
		keepFailing(),
	]);
	const prompts = startedPrompts(sandbox);
	return {
		executions,
		faults,
		requests: sandbox.requests.length,
		jobs: prompts.length,
		startedTwice: prompts.length - new Set(prompts).size,
	};
}

// Not by fetch, which gives up after five minutes: an execution with a request that hangs takes longer.
async function post(url: string, body: object): Promise<{ status: number | undefined }> {
	const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
	sent.end(JSON.stringify(body));
	const [response]: IncomingMessage[] = await once(sent, 'response');
	await finished(response.resume());
	return { status: response.statusCode };
}

function report(samples: Sample[], startMs: number, endMs: number): void {
	const before = samples.filter(({ atMs }) => atMs < startMs).at(-1);
	const after = samples.at(-1);
	const warmMs = startMs + (endMs - startMs) * WARM_UP_SHARE;
	const warm = samples.filter(({ atMs }) => atMs >= warmMs && atMs < endMs);
	const third = Math.ceil(warm.length / 3);
	const thirds = [warm.slice(0, third), warm.slice(-third)];
	console.log(`${warm.length} samples after warm-up`);
	for (const key of ['heapUsed', 'rss'] as const) {
		const [first, last] = thirds.map(
			(part) => median(part.map((sample) => sample[key])) / MEBIBYTE,
		);
		const slope = slopePerMs(warm.map((sample) => [sample.atMs, sample[key]]));
		const perHour = (slope * 60 * MINUTE_MS) / MEBIBYTE;
		console.log(
			`${key}: ${first.toFixed(1)} MiB, at last ${last.toFixed(1)} MiB; ${perHour.toFixed(1)} MiB an hour`,
		);
	}
	console.log('Handles when idle before:', before?.handles);
	console.log('Handles when idle after: ', after?.handles);
	console.log('Unhandled rejections:', after?.unhandledRejections);
}

/** The slope of the straight line that fits best. */
function slopePerMs(points: Array<[xMs: number, y: number]>): number {
	const meanX = mean(points.map(([x]) => x));
	const meanY = mean(points.map(([, y]) => y));
	const products = points.map(([x, y]) => (x - meanX) * (y - meanY));
	const squares = points.map(([x]) => (x - meanX) ** 2);
	return mean(products) / mean(squares);
}

function mean(values: number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: number[]): number {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- measures a real n8n on the developer's machine, never part of the node */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { installN8n } from '../e2e/n8nInstall';
import { runOrThrow } from '../support/processes';
import { setStage } from '../e2e/stage';
import type { SandboxOptions } from '../sandbox';
import {
	type Figures,
	figuresOf,
	files,
	type HandedOver,
	loopFiles,
	responses,
} from './batchFigures';
import { type BatchJob, httpWorkflow, loopWorkflow, ourWorkflow, TRIGGER } from './batchWorkflows';

const USAGE = `Compares batches in a real n8n: our node and n8n's HTTP Request node, against the sandbox of the API, each answer of which takes 250 ms.

npx tsx test/bench/batches.ts              both batches, about 9 minutes
npx tsx test/bench/batches.ts --only a     120 starts within the limit, about 1 minute
npx tsx test/bench/batches.ts --only b     40 jobs of 20 s with their files, about 8 minutes

It uses the package as it is built: run "npm run build" first.
`;
// As far away as a host on another continent.
const FAR = { connectMs: 50, answerMs: 250, downloadMs: 250 };
const RUN_TIMEOUT_MS = 15 * 60_000;
// Seldom, as the n8n that is measured answers.
const LOOK_EVERY_MS = 1_000;
const OURS = 'ComfyControl node';

// The most that the limit of 40 requests in 10 s allows, with half a second for what the network does.
const FULL_WINDOWS = { batchSize: 40, batchInterval: 10_500 };
// Nodes of the loop follow each other without a pause, so that only an even pace keeps within the limit.
const EVEN_PACE = { batchSize: 3, batchInterval: 1_000 };

interface Side {
	title: string;
	workflow: (id: string, job: BatchJob) => ReturnType<typeof ourWorkflow>;
	handedOver: HandedOver;
}

interface Batch {
	key: string;
	title: string;
	count: number;
	sandbox: SandboxOptions;
	sides: Side[];
	row: (figures: Figures) => object;
	/** What ours has to keep, and whether it does. */
	targets: (ours: Figures) => Array<[text: string, isMet: boolean]>;
}

const STARTS: Batch = {
	key: 'a',
	title: '(a) 120 starts. The limit of 40 requests in 10 s makes 20 s the least.',
	count: 120,
	sandbox: {},
	sides: [
		{
			title: OURS,
			// The others check nothing either. The one more request for that begins another window.
			workflow: (id, job) => ourWorkflow(id, job, { options: { checkParameters: false } }),
			handedOver: responses,
		},
		{
			title: 'HTTP Request',
			workflow: (id, job) => httpWorkflow(id, job),
			handedOver: responses,
		},
		{
			title: 'HTTP Request, batches of 40 each 10.5 s',
			workflow: (id, job) => httpWorkflow(id, job, FULL_WINDOWS),
			handedOver: responses,
		},
		// Last, as it would wait for the window of ours that ran before it.
		{
			title: `${OURS}, with Check Parameters`,
			workflow: (id, job) => ourWorkflow(id, job, {}),
			handedOver: responses,
		},
	],
	row: (figures) => ({
		'Wall time, s': seconds(figures.wallMs),
		...commonColumns(figures),
	}),
	targets: (ours) => [
		['no answer with 429', ours.refused === 0],
		['all 120 done, none twice', isComplete(ours)],
		['wall time at most 1.1 × 20 s + 2 s', ours.wallMs <= 1.1 * 20_000 + 2_000],
	],
};

const JOBS: Batch = {
	key: 'b',
	title: '(b) 40 jobs of 20 s, 4 at a time on the runner, until their files are in n8n.',
	count: 40,
	sandbox: { durationsMs: { running: 20_000 }, parallelJobs: 4 },
	sides: [
		{
			title: OURS,
			workflow: (id, job) => ourWorkflow(id, job, { waitForCompletion: true }),
			handedOver: files,
		},
		{
			title: 'HTTP Request, Wait and IF',
			workflow: (id, job) => loopWorkflow(id, job),
			handedOver: loopFiles,
		},
		{
			title: 'HTTP Request, Wait and IF, batches of 3 each 1 s',
			workflow: (id, job) => loopWorkflow(id, job, EVEN_PACE),
			handedOver: loopFiles,
		},
	],
	row: (figures) => ({
		'Wall time, s': seconds(figures.wallMs),
		'The queue’s own, s': figures.queueMs === undefined ? '' : seconds(figures.queueMs),
		'Requests per job': Math.round(figures.requestsPerJob * 100) / 100,
		...commonColumns(figures),
	}),
	targets: (ours) => [
		['all 40 done, none twice', isComplete(ours)],
		['wall time at most the queue’s own + 3 s', ours.wallMs <= (ours.queueMs ?? 0) + 3_000],
		['at most 3.5 requests per job', ours.requestsPerJob <= 3.5],
	],
};

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
	});
	const batches = [STARTS, JOBS].filter(
		({ key }) => values.only === undefined || key === values.only,
	);
	if (values.help || batches.length === 0) {
		console.log(USAGE);
		process.exitCode = values.help ? 0 : 1;
		return;
	}
	const reports: Array<() => void> = [];
	for (const batch of batches) {
		const figures = await measure(batch);
		reports.push(() => report(batch, figures));
	}
	console.log(`\n${await surroundings()}`);
	for (const print of reports) print();
}

/** Runs every side of a batch, one after the other, in one n8n. */
async function measure(batch: Batch): Promise<Map<Side, Figures>> {
	const { key, count, sides } = batch;
	const workflowId = (side: Side) => `batchBench${key}${sides.indexOf(side)}`;
	const stage = await setStage(
		({ apiUrl, seeds }) => {
			const job = { apiUrl, originalId: seeds.textToImage, count };
			return sides.map((side) => side.workflow(workflowId(side), job));
		},
		{ network: FAR, ...batch.sandbox },
	);
	const figures = new Map<Side, Figures>();
	try {
		const server = await stage.n8n.start();
		try {
			for (const side of sides) {
				console.log(`(${key}) ${side.title}`);
				stage.sandbox.reset();
				const execution = await server.owner.run(
					workflowId(side),
					{ name: TRIGGER },
					RUN_TIMEOUT_MS,
					LOOK_EVERY_MS,
				);
				figures.set(side, figuresOf(execution, stage.sandbox, count, side.handedOver));
			}
		} finally {
			await server.stop();
		}
	} finally {
		await stage.clear();
	}
	return figures;
}

function report({ title, row, targets }: Batch, figures: Map<Side, Figures>): void {
	console.log(`\n${title}`);
	console.table(Object.fromEntries([...figures].map(([side, each]) => [side.title, row(each)])));
	for (const [side, { error }] of figures) {
		if (error !== undefined) console.log(`${side.title} stopped with: ${error}`);
	}
	for (const [side, ours] of figures) {
		if (side.title !== OURS) continue;
		for (const [text, isMet] of targets(ours)) {
			console.log(`${OURS}: ${text}: ${isMet ? 'yes' : 'NO'}`);
			if (!isMet) process.exitCode = 1;
		}
	}
}

function commonColumns(figures: Figures) {
	return {
		'429s': figures.refused,
		Done: figures.handedOver,
		Lost: figures.lost,
		'Never started': figures.neverStarted,
		Duplicated: figures.startedAgain,
		'Ended with': figures.error === undefined ? 'success' : 'error',
	};
}

function isComplete({ error, lost, neverStarted, startedAgain }: Figures): boolean {
	return error === undefined && lost + neverStarted + startedAgain === 0;
}

async function surroundings(): Promise<string> {
	const { version, nodePath } = await installN8n();
	const nodeVersion = await runOrThrow(nodePath, ['--version'], { timeoutMs: 10_000 });
	const cores = availableParallelism();
	return `n8n ${version} on Node.js ${nodeVersion.trim()}, ${cores} processor cores`;
}

function seconds(ms: number): number {
	return Math.round(ms / 100) / 10;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- reads what a probe of the bench writes, never part of the node */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { N8nExecution } from '../e2e/n8nExecution';
import { PROBE, probeEnv, samplesIn } from '../soak/samples';
import { figuresOf, type Figures } from './batchFigures';
import { ourWorkflow, RERUN } from './batchWorkflows';
import { idealMs, onStage, seconds, type Bench, type Report } from './bench';

const OURS = 'growthBenchOurs00';
const SIZES = [10, 100, 500, 2_000];
const RUN_MS = 30_000;
const MEBIBYTE = 1024 * 1024;

/** How the cost of waiting grows with the number of items. */
export const GROWTH: Bench = {
	title: `(i) 10 to 2,000 items that wait for jobs of ${seconds(RUN_MS)} s, all of them side by side on the runner`,
	takesMinutes: 25,
	run: async () => {
		const report: Report = { rows: {}, targets: [] };
		for (const count of SIZES) {
			const { figures, heapMebibytes } = await waitFor(count);
			// Each is started, and its outputs are listed.
			const leastMs = idealMs(2 * count);
			report.rows[`${count} items`] = {
				'Wall time, s': seconds(figures.wallMs),
				'Two requests each at the limit, s': seconds(leastMs),
				'Requests a job': Math.round(figures.requestsPerJob * 100) / 100,
				'429s': figures.refused,
				Done: figures.handedOver,
				'Heap of n8n above before, MiB': Math.round(heapMebibytes),
			};
			report.targets.push([`all ${count} done`, figures.handedOver === count]);
		}
		return report;
	},
};

async function waitFor(count: number): Promise<{ figures: Figures; heapMebibytes: number }> {
	const folder = await mkdtemp(path.join(tmpdir(), 'comfycontrol-growth-'));
	const file = path.join(folder, 'samples');
	try {
		return await onStage(
			({ apiUrl, seeds }) => [
				ourWorkflow(
					OURS,
					{ apiUrl, originalId: seeds.textToImage, count },
					{ waitForCompletion: true, downloadOutputs: false },
				),
			],
			{ durationsMs: { running: RUN_MS }, parallelJobs: count },
			async ({ sandbox, execute }) => {
				const begunMs = Date.now();
				const figures = figuresOf(await execute(OURS), sandbox, count, done);
				const samples = await samplesIn(file);
				const before = samples.filter(({ atMs }) => atMs < begunMs).at(-1) ?? samples[0];
				const most = Math.max(...samples.map(({ heapUsed }) => heapUsed));
				return { figures, heapMebibytes: (most - before.heapUsed) / MEBIBYTE };
			},
			{ preload: [PROBE], env: probeEnv(file) },
		);
	} finally {
		await rm(folder, { recursive: true });
	}
}

function done(execution: N8nExecution): string[] {
	return execution.items(RERUN).map(({ json }) => String(json.id));
}

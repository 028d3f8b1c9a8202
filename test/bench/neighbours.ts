import { furnishedN8n } from '../e2e/stage';
import type { N8nExecution } from '../e2e/n8nExecution';
import { figuresOf, responses } from './batchFigures';
import { ourWorkflow, RERUN, TRIGGER } from './batchWorkflows';
import { idealMs, onStage, RUN_TIMEOUT_MS, seconds, type Bench, type Target } from './bench';

const OURS = 'sharedBenchOurs00';
const THEIRS = 'sharedBenchOther0';
const EACH = 100;
// What the rule before this one cost, by the simulation that led to the present one.
const REFUSED_BEFORE = 29;

/** Two n8n behind one address, which know nothing of each other. */
export const NEIGHBOURS: Bench = {
	title: `(f) Two n8n processes with ${EACH} starts each, at the same time`,
	takesMinutes: 3,
	run: async () =>
		await onStage(
			({ apiUrl, seeds }) => [
				ourWorkflow(OURS, { apiUrl, originalId: seeds.textToImage, count: EACH }, {}),
			],
			{},
			async ({ sandbox, execute }) => {
				const { apiUrl, seeds } = sandbox;
				const job = { apiUrl, originalId: seeds.textToImage, count: EACH, subject: 'a ferry' };
				const other = await furnishedN8n(sandbox, [ourWorkflow(THEIRS, job, {})]);
				try {
					const server = await other.start();
					try {
						const executeOther = async () =>
							await server.owner.run(THEIRS, { name: TRIGGER }, RUN_TIMEOUT_MS);
						const both = await Promise.all([execute(OURS), executeOther()]);
						const begunMs = Math.min(...both.map(startOf));
						const wallMs = Math.max(...both.map(({ endMs }) => endMs)) - begunMs;
						const count = 2 * EACH;
						const [first] = both;
						const figures = figuresOf(first, sandbox, count, () => both.flatMap(responses));
						const leastMs = idealMs(count);
						const targets: Target[] = [
							['at most 1.6 × ideal', wallMs <= 1.6 * leastMs],
							[
								`a third of the ${REFUSED_BEFORE} answers with 429 that it were before`,
								figures.refused <= REFUSED_BEFORE / 3,
							],
							[
								'each started once',
								figures.handedOver === count && figures.startedAgain + figures.neverStarted === 0,
							],
						];
						return {
							rows: {
								'Two n8n, 100 starts each': {
									'Wall time, s': seconds(wallMs),
									'Ideal, s': seconds(leastMs),
									'429s': figures.refused,
									Done: figures.handedOver,
								},
							},
							targets,
						};
					} finally {
						await server.stop();
					}
				} finally {
					await other.remove();
				}
			},
		),
};

function startOf(execution: N8nExecution): number {
	return execution.runs(RERUN)[0].startMs;
}

import { setStage, type Stage } from '../e2e/stage';
import type { N8nOptions } from '../e2e/n8n';
import type { N8nExecution } from '../e2e/n8nExecution';
import type { N8nServer } from '../e2e/n8nServer';
import type { N8nWorkflow } from '../e2e/workflows';
import type { Sandbox, SandboxOptions } from '../sandbox';
import { TRIGGER } from './batchWorkflows';

/** One comparison: what it measures, and what it came to. */
export interface Bench {
	title: string;
	takesMinutes: number;
	run(): Promise<Report>;
}

export interface Report {
	/** A row of figures for each side or size, by its name. */
	rows: Record<string, object>;
	/** What ours has to keep, and whether it does. */
	targets: Target[];
}

export type Target = [text: string, isMet: boolean];

/** How long an answer of the API takes, as from a host on another continent. */
export const ANSWER_MS = 250;
/** How long a new connection takes, which each answer may need. */
export const CONNECT_MS = 50;
const FAR = { connectMs: CONNECT_MS, answerMs: ANSWER_MS, downloadMs: ANSWER_MS };

/** In how many requests of one address the API's limit consists, in which time. */
export const LIMIT = { requests: 40, windowMs: 10_000 };

/** How long an execution may take. */
export const RUN_TIMEOUT_MS = 40 * 60_000;
// Seldom, as the n8n that is measured answers.
const LOOK_EVERY_MS = 1_000;

export interface RunningStage extends Stage {
	server: N8nServer;
	/** Runs an n8n workflow from its manual trigger. */
	execute(workflowId: string): Promise<N8nExecution>;
}

/** Works with a real n8n and a sandbox that is far away, and clears both away. */
export async function onStage<Result>(
	workflowsFor: (sandbox: Sandbox) => N8nWorkflow[] | Promise<N8nWorkflow[]>,
	sandboxOptions: SandboxOptions,
	work: (stage: RunningStage) => Promise<Result>,
	n8nOptions: N8nOptions = {},
): Promise<Result> {
	const options = { pictures: 'plain', network: FAR, ...sandboxOptions } satisfies SandboxOptions;
	const stage = await setStage(workflowsFor, options, n8nOptions);
	try {
		const server = await stage.n8n.start();
		try {
			const execute = async (workflowId: string) =>
				await server.owner.run(workflowId, { name: TRIGGER }, RUN_TIMEOUT_MS, LOOK_EVERY_MS);
			return await work({ ...stage, server, execute });
		} finally {
			await server.stop();
		}
	} finally {
		await stage.clear();
	}
}

/** The least time in which the limit lets that many requests through, in milliseconds. */
export function idealMs(requests: number): number {
	return Math.floor((requests - 1) / LIMIT.requests) * LIMIT.windowMs;
}

export function median(values: number[]): number {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** Milliseconds as seconds, to the hundredth. */
export function seconds(ms: number): number {
	return Math.round(ms / 10) / 100;
}

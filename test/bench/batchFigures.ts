import type { N8nExecution, N8nItem } from '../e2e/n8nExecution';
import type { Sandbox } from '../sandbox';
import { DOWNLOAD, OUTPUTS, RERUN } from './batchWorkflows';

/** What a batch came to, by n8n's own account and the sandbox's. */
export interface Figures {
	/** From the first moment of the node that starts the jobs to the end of the last node. */
	wallMs: number;
	/** From the first start that arrived to the end of the last job, or undefined while one runs. */
	queueMs: number | undefined;
	requestsPerJob: number;
	/** Answers with 429. */
	refused: number;
	/** Jobs that n8n has got in its last node: their response, or their file. */
	handedOver: number;
	/** Jobs that were started and that n8n's execution has not got. */
	lost: number;
	neverStarted: number;
	/** Jobs beyond the first with the same prompt. */
	startedAgain: number;
	/** Why the execution stopped before its end. */
	error: string | undefined;
}

/** Gives the ids of the jobs that the last node of a workflow has got. */
export type HandedOver = (execution: N8nExecution) => string[];

/** Counts what an execution left behind in n8n and in the sandbox. */
export function figuresOf(
	execution: N8nExecution,
	{ requests, workflows }: Sandbox,
	count: number,
	handedOver: HandedOver,
): Figures {
	const startedJobs = workflows.filter(({ rerunOf }) => rerunOf !== null);
	const prompts = new Set(startedJobs.map(promptOf));
	const got = new Set(handedOver(execution));
	const handed = startedJobs.filter(({ id }) => got.has(id));
	const ends = startedJobs.map(({ endedAtMs }) => endedAtMs ?? Infinity);
	const starts = requests.filter(({ method }) => method === 'POST');
	const queueMs = Math.max(...ends) - Math.min(...starts.map(({ atMs }) => atMs));
	return {
		wallMs: execution.endMs - execution.runs(RERUN)[0].startMs,
		queueMs: Number.isFinite(queueMs) ? queueMs : undefined,
		requestsPerJob: requests.length / count,
		refused: requests.filter(({ status }) => status === 429).length,
		handedOver: handed.length,
		lost: startedJobs.length - handed.length,
		neverStarted: count - prompts.size,
		startedAgain: startedJobs.length - prompts.size,
		error: execution.errorMessage(),
	};
}

/** The jobs whose response came out of the node that starts them. */
export function responses(execution: N8nExecution): string[] {
	return itemsOf(execution, RERUN).map(({ json }) => String(json.id));
}

/** The jobs whose file came out of the node that starts them. */
export function files(execution: N8nExecution): string[] {
	const withFile = itemsOf(execution, RERUN).filter(({ binary }) => binary !== undefined);
	return withFile.map(({ json }) => String(json.id));
}

/** The jobs whose file came out of the loop. A file's item doesn't tell whose it is, its link's does. */
export function loopFiles(execution: N8nExecution): string[] {
	const fileItems = itemsOf(execution, DOWNLOAD);
	const links = itemsOf(execution, OUTPUTS).filter((_, index) => fileItems.at(index)?.binary);
	return links.map(({ json }) => String(json.workflow_id));
}

function itemsOf(execution: N8nExecution, nodeName: string): N8nItem[] {
	return execution.runs(nodeName).flatMap(({ outputs }) => outputs.at(0) ?? []);
}

function promptOf({ params }: Sandbox['workflows'][number]): string {
	return params.find(({ name }) => name === 'prompt')?.value ?? '';
}

/** Whether each job was started once, and n8n has it. */
export function isComplete({ error, lost, neverStarted, startedAgain }: Figures): boolean {
	return error === undefined && lost + neverStarted + startedAgain === 0;
}

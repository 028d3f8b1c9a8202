import type { INode } from 'n8n-workflow';

import { startSandbox, type Fault, type JobOutcome, type Sandbox } from '../sandbox';
import { workflowIds } from '../sandbox/seeds/workflows';
import { runNode, type EngineResult } from '../support/engine';
import { clock } from '../support/clock';
import { rerunParameters } from '../support/rerun';

/** The requests of each phase of a batch that waits for its outputs. */
export const PHASES = {
	check: { method: 'GET', path: new RegExp(`/${workflowIds.textToImage}$`), host: 'api' },
	submit: { method: 'POST', path: /\/rerun$/, host: 'api' },
	track: {
		method: 'GET',
		path: new RegExp(`^/v1/workflow(/(?!${workflowIds.textToImage})[^/]+)?$`),
		host: 'api',
	},
	'list outputs': { method: 'GET', path: /\/outputs$/, host: 'api' },
	download: { method: 'GET', host: 'storage' },
} satisfies Record<string, Fault['on']>;

export type Phase = keyof typeof PHASES;

/** What the user of n8n has chosen to happen when something fails. */
export const POLICIES = {
	stop: {},
	/** The execution stops, and then somebody clicks Retry on it. */
	'a click on Retry': {},
	continue: { onError: 'continueErrorOutput' },
	'Retry On Fail': { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	'continue and Retry On Fail': {
		onError: 'continueErrorOutput',
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 1,
	},
} satisfies Record<string, Partial<INode>>;

export type Policy = keyof typeof POLICIES;

/** A batch of reruns that wait for their outputs, and what goes wrong meanwhile. */
export interface Trial {
	policy: Policy;
	items: number;
	/** How many jobs each item wants. Default 1. */
	runsPerItem?: number;
	/** How many may run at the same time, or as many as can. */
	workflowsAtOnce?: number;
	faults?: Fault[];
	jobs?: JobOutcome[];
	/** Begins with the execution. */
	meanwhile?(sandbox: Sandbox, stop: () => void): Promise<void>;
}

/** What must be empty after every trial. */
export interface Findings {
	/** Items that more jobs were started for than they want. */
	startedTwice: string[];
	/** Jobs that were started and that neither an output item nor an error names. */
	missing: string[];
	/** Places outside the API where the token was seen. */
	tokenSeen: string[];
}

export const NOTHING: Findings = { startedTwice: [], missing: [], tokenSeen: [] };

const JOB_MS = { accepted: 300, uploaded: 300, queued: 300, running: 2_500 };
const TIMEOUT_SECONDS = 30;
const DISTANCE = { connectMs: 100, answerMs: 250, downloadMs: 250 };

/** Runs a batch against a sandbox of its own, and counts what must never happen. */
export async function trial({
	policy,
	items,
	runsPerItem = 1,
	workflowsAtOnce,
	faults,
	jobs,
	meanwhile,
}: Trial) {
	const sandbox = await startSandbox({
		clock,
		rateLimit: false,
		durationsMs: JOB_MS,
		pictures: 'plain',
		network: DISTANCE,
	});
	for (const fault of faults ?? []) sandbox.failNext(fault);
	for (const outcome of jobs ?? []) sandbox.failJobs(outcome);
	let other: Promise<void> | undefined;
	try {
		const run = {
			parameters: {
				...rerunParameters(sandbox.seeds.textToImage, {
					text: [{ name: 'prompt', value: '={{ $json.prompt }}' }],
				}),
				waitForCompletion: true,
				options: { timeout: TIMEOUT_SECONDS, cancelOnStop: true, workflowsAtOnce, runsPerItem },
			},
			items: Array.from({ length: items }, (_, index) => ({ json: { prompt: promptOf(index) } })),
			credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
			settings: POLICIES[policy],
		};
		const result = await runNode({
			...run,
			onStart: (stop) => (other = meanwhile?.(sandbox, stop)),
		});
		await other;
		const results = [result];
		// n8n offers it for what has failed, not for what was stopped.
		if (policy === 'a click on Retry' && result.run.status === 'error') {
			results.push(await runNode({ ...run, retried: result }));
		}
		return {
			findings: findings(sandbox, results, runsPerItem),
			startedJobs: started(sandbox).length,
			result,
		};
	} finally {
		await sandbox.stop();
	}
}

function promptOf(itemIndex: number): string {
	return `item ${itemIndex}`;
}

function started({ workflows }: Sandbox) {
	return workflows
		.filter(({ rerunOf }) => rerunOf !== null)
		.map(({ id, status, params }) => ({
			id,
			status,
			prompt: params.find(({ name }) => name === 'prompt')?.value ?? '',
		}));
}

/** @param results the execution, and the one that retried it if there was one */
function findings(sandbox: Sandbox, results: EngineResult[], runsPerItem: number): Findings {
	const jobs = started(sandbox);
	// A person retries what has failed at ComfyControl too.
	const mayRunAgain = results.length > 1 ? ['failed', 'cancelled', 'invalid'] : [];
	const prompts = jobs
		.filter(({ status }) => !mayRunAgain.includes(status))
		.map(({ prompt }) => prompt);
	const kept = JSON.stringify(results.map(({ run }) => run));
	return {
		startedTwice: [...new Set(prompts)].filter(
			(prompt) => prompts.filter((other) => other === prompt).length > runsPerItem,
		),
		missing: missing(jobs, results).map(({ id, prompt }) => `${prompt} ${id}`),
		tokenSeen: [
			...sandbox.downloads
				.filter((request) => JSON.stringify(request).includes(sandbox.token))
				.map(({ path }) => path),
			...sandbox.downloads
				.filter(({ headers }) => 'authorization' in headers)
				.map(({ path }) => path),
			...(kept.includes(sandbox.token) ? ['what n8n keeps of the execution'] : []),
		],
	};
}

interface StartedJob {
	id: string;
	prompt: string;
}

/** The jobs that nothing tells of: neither by their ids, nor by an error of their item that one may have been started. */
function missing(jobs: StartedJob[], results: EngineResult[]): StartedJob[] {
	const unnamed = jobs.filter(({ id }) => !results.some((result) => isNamed(id, result)));
	return unnamed.filter((job, index) => {
		const before = unnamed.slice(0, index).filter(({ prompt }) => prompt === job.prompt);
		const uncertain = results.map((result) => uncertainOf(indexOf(job.prompt), result));
		return before.length >= Math.max(...uncertain);
	});
}

function isNamed(id: string, { run, outputs, error }: EngineResult): boolean {
	// Of a stopped execution n8n keeps no output and no error, but what the node noted.
	const kept = run.status === 'canceled' ? run.data.executionData : undefined;
	const told = [error.message, error.description, outputs.flat().map(({ json }) => json), kept];
	return JSON.stringify(told).includes(id);
}

/** How many jobs of an item are told to have been started perhaps. The error that ends an execution tells of items alone. */
function uncertainOf(itemIndex: number, { outputs, error }: EngineResult): number {
	const isItsOwn = isUncertain(`${error.message} ${error.description}`);
	if (isItsOwn && uncertainItems(error).includes(itemIndex)) return Infinity;
	const pairedItem = JSON.stringify({ item: itemIndex });
	return outputs
		.flat()
		.filter((item) => JSON.stringify(item.pairedItem) === pairedItem)
		.filter(({ json }) => 'error' in json && isUncertain(JSON.stringify(json))).length;
}

function indexOf(prompt: string): number {
	return Number(prompt.replace(/\D/g, ''));
}

function isUncertain(text: string): boolean {
	return text.includes('may have been started');
}

/** The items of which an error says that they may have been started: its own, and those it lists. */
function uncertainItems({ context, description }: EngineResult['error']): number[] {
	const [, others = ''] = /may have been started too[^.]*?items? ([\d, ]+)/.exec(description) ?? [];
	return [context.itemIndex, ...others.split(',')].map(Number);
}

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
	/** How many may run at the same time, or as many as can. */
	workflowsAtOnce?: number;
	faults?: Fault[];
	jobs?: JobOutcome[];
	/** Begins with the execution. */
	meanwhile?(sandbox: Sandbox, stop: () => void): Promise<void>;
}

/** What must be empty after every trial. */
export interface Findings {
	/** Items that more than one job was started for. */
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
export async function trial({ policy, items, workflowsAtOnce, faults, jobs, meanwhile }: Trial) {
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
		const result = await runNode({
			parameters: {
				...rerunParameters(sandbox.seeds.textToImage, {
					text: [{ name: 'prompt', value: '={{ $json.prompt }}' }],
				}),
				waitForCompletion: true,
				options: { timeout: TIMEOUT_SECONDS, cancelOnStop: true, workflowsAtOnce },
			},
			items: Array.from({ length: items }, (_, index) => ({ json: { prompt: promptOf(index) } })),
			credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
			settings: POLICIES[policy],
			onStart: (stop) => (other = meanwhile?.(sandbox, stop)),
		});
		await other;
		return { findings: findings(sandbox, result), startedJobs: started(sandbox).length, result };
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
		.map(({ id, params }) => ({
			id,
			prompt: params.find(({ name }) => name === 'prompt')?.value ?? '',
		}));
}

function findings(sandbox: Sandbox, result: EngineResult): Findings {
	const jobs = started(sandbox);
	const prompts = jobs.map(({ prompt }) => prompt);
	const kept = JSON.stringify(result.run);
	return {
		startedTwice: prompts.filter((prompt, index) => prompts.indexOf(prompt) !== index),
		missing: jobs.filter((job) => !isNamed(job, result)).map(({ id, prompt }) => `${prompt} ${id}`),
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

function isNamed({ id, prompt }: { id: string; prompt: string }, result: EngineResult): boolean {
	const { run, outputs, error } = result;
	const errorText = `${error.message} ${error.description}`;
	if (errorText.includes(id)) return true;
	for (const { json, pairedItem } of outputs.flat()) {
		if (json.id === id) return true;
		const text = JSON.stringify(json);
		const isItsError = JSON.stringify(pairedItem) === JSON.stringify({ item: indexOf(prompt) });
		if (isItsError && 'error' in json && (text.includes(id) || isUncertain(text))) return true;
	}
	// Of a stopped execution n8n keeps no output and no error, but what the node noted.
	if (run.status === 'canceled') return JSON.stringify(run.data.executionData).includes(id);
	return isUncertain(errorText) && uncertainItems(error).includes(indexOf(prompt));
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

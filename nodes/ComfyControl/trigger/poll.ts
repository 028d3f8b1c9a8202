import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { polledOutputSettings } from '../fields/outputs';
import { isApiError, operationError, valueOrThrow } from '../basics/nodeErrors';
import type { Checked } from '../parameters/types';
import { isOnForPoll } from '../fields/isOn';
import type { OutputSettings } from '../batch/settings';
import { collectOutputs, summaryOf } from '../batch/collectOutputs';
import { isOwnStart } from '../batch/startJournal';
import { PER_PAGE, readPages } from '../api/endpoint';
import { getWorkflow, listWorkflows } from '../api/workflows';
import { foreignText } from '../basics/foreignText';
import { isRecord } from '../basics/guards';
import { log } from '../basics/notes';
import { nowMs } from '../basics/time';
import { progressOf, type ComfyControlWorkflow } from '../api/states';
import { includeOwnOption } from './fields';
import { look, type Source } from './look';
import { isMemory, postponed, type Memory } from './memory';
import { eventOf, eventsIn, isWanted, nameFilter, tagFilter, type Wanted } from './matches';

// Newer versions of n8n say how long a poll may take. What it doesn't get to is left to the next.
const POLL_MS = 45_000;
const SHARE_OF_BUDGET = 0.5;

const SAMPLE_PAGES = 5;

const NO_SAMPLE = {
	message: 'No workflow that has finished fits the events and filters',
	description: `Up to ${SAMPLE_PAGES * PER_PAGE} of the newest were looked at. Change the events or filters, or finish a workflow that fits and try again. Once it is active, the trigger waits for one.`,
};

const CUT = {
	bound:
		'more workflows were started since the last poll than one poll reads. The next goes on with the others.',
	repeated:
		'a page of the list of workflows repeats those before it, so that more can’t be read now. The next poll tries again.',
	hopeless: 'the list of workflows can’t be read any further. What is below is left out.',
};

/** What the user wants of this trigger. */
interface WantedHere extends Wanted {
	/** Whether also what this n8n workflow has started itself, with which it would run for ever. */
	includesOwn: boolean;
	outputs: OutputSettings;
}

const running = new Set<string>();

/**
 * Hands over the workflows that have finished since the last poll, or a sample when it is tried out in
 * the editor.
 *
 * @throws NodeApiError when ComfyControl can't be read: the next poll begins at the same place
 */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const wanted = wantedOf(this);
	if (this.getMode() === 'manual') return await sample(this, wanted);

	// Older versions of n8n begin the next poll although the last still runs.
	const key = `${String(this.getWorkflow().id)}/${this.getNode().id}`;
	if (running.has(key)) return null;
	running.add(key);
	try {
		return await news(this, wanted);
	} finally {
		running.delete(key);
	}
}

async function news(
	context: IPollFunctions,
	wanted: WantedHere,
): Promise<INodeExecutionData[][] | null> {
	const untilMs = nowMs() + budgetMs(context);
	const kept: { memory?: unknown } = context.getWorkflowStaticData('node');
	const before = knownMemory(context, kept.memory);
	const { memory, finished, cut } = await look(before, sourceOf(context));
	// Not in each poll that goes on with the same rest.
	if (cut && (cut === 'hopeless' || !before?.rest)) log(context, 'warn', CUT[cut]);
	const { id: n8nWorkflowId } = context.getWorkflow();
	const toHandOver = finished.filter(
		(workflow) =>
			isWanted(workflow, wanted) && (wanted.includesOwn || !isOwnStart(n8nWorkflowId, workflow.id)),
	);
	const items: INodeExecutionData[] = [];
	while (toHandOver.length > 0 && (items.length === 0 || nowMs() < untilMs)) {
		const [workflow] = toHandOver.splice(0, 1);
		items.push(...(await itemsOf(context, workflow, wanted)));
	}
	kept.memory = postponed(memory, toHandOver);
	return items.length > 0 ? [items] : null;
}

function knownMemory(context: IPollFunctions, kept: unknown): Memory | undefined {
	if (kept === undefined || isMemory(kept)) return kept;
	log(
		context,
		'warn',
		'what another version of the node remembered is not used. It starts anew, for workflows that finish from now on.',
	);
	return undefined;
}

/** The newest workflow that the trigger is for, whoever started it, without any consequence for those to come. */
async function sample(
	context: IPollFunctions,
	wanted: WantedHere,
): Promise<INodeExecutionData[][]> {
	let pages = 0;
	for await (const workflows of readPages(context, listWorkflows, { page: 1 })) {
		const match = workflows.find(
			(workflow) => progressOf(workflow) !== 'pending' && isWanted(workflow, wanted),
		);
		if (match) return [await itemsOf(context, match, wanted)];
		if (++pages >= SAMPLE_PAGES) break;
	}
	// With nothing to show, n8n's editor would say that there is no data in ComfyControl.
	throw operationError(context.getNode(), NO_SAMPLE, undefined);
}

function sourceOf(context: IPollFunctions): Source {
	let serverNowMs = Infinity;
	const more = { onServerTime: (serverMs: number) => void (serverNowMs = serverMs) };
	return {
		perPage: PER_PAGE,
		page: async (page) => await listWorkflows(context, { page }, more),
		read: async (id) =>
			await getWorkflow(context, { id }, more).catch((error: unknown) => undefinedIfGone(error)),
		nowMs: () => Math.min(nowMs(), serverNowMs),
	};
}

async function itemsOf(
	context: IPollFunctions,
	workflow: ComfyControlWorkflow,
	{ outputs }: WantedHere,
): Promise<INodeExecutionData[]> {
	switch (eventOf(workflow)) {
		case 'completed':
			return await completedItems(context, workflow, outputs);
		case 'cancelled':
			return [{ json: summaryOf(workflow) }];
		case 'failed':
			return [{ json: await failedSummary(context, workflow) }];
	}
}

// What can't be fetched must not hold up what comes after it. 'Get Outputs' can fetch it later.
async function completedItems(
	context: IPollFunctions,
	workflow: ComfyControlWorkflow,
	outputs: OutputSettings,
): Promise<INodeExecutionData[]> {
	return await collectOutputs(context, { itemIndex: 0, workflow }, outputs).catch(
		(error: unknown) => [{ json: { ...summaryOf(workflow), outputsError: messageOf(error) } }],
	);
}

async function failedSummary(context: IPollFunctions, workflow: ComfyControlWorkflow) {
	const details = await getWorkflow(context, { id: workflow.id }).catch(() => workflow);
	const { error_node, exception_type, exception_message } = details;
	return { ...summaryOf(workflow), error_node, exception_type, exception_message };
}

function wantedOf(context: IPollFunctions): WantedHere {
	const entered: unknown = context.getNodeParameter('filters', {});
	const filters = isRecord(entered) ? entered : {};
	const valueOf = <T>(checked: Checked<T>) => valueOrThrow(context.getNode(), checked, undefined);
	return {
		events: valueOf(eventsIn(context.getNodeParameter('events', []))),
		name: valueOf(nameFilter(filters)),
		tags: valueOf(tagFilter(filters, 'tags', 'Tags')),
		excludeTags: valueOf(tagFilter(filters, 'excludeTags', 'Exclude Tags')),
		includesOwn: isOnForPoll(context, includeOwnOption, 'options.includeOwn'),
		outputs: polledOutputSettings(context),
	};
}

function budgetMs(context: IPollFunctions): number {
	const allowedMs = context.getPollBudgetMs?.() ?? Infinity;
	return Math.min(POLL_MS, allowedMs * SHARE_OF_BUDGET);
}

function messageOf(error: unknown): string {
	return foreignText(error instanceof Error ? error.message : String(error));
}

function undefinedIfGone(error: unknown): undefined {
	if (isApiError(error) && error.httpCode === '404') return undefined;
	throw error;
}

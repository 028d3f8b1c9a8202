import type { ById, Entity, More } from '../api/endpoint';
import { progressOf, runTimeOf } from '../api/states';
import { getTemplate } from '../api/templates';
import { getWorkflow } from '../api/workflows';
import { isNodeError } from '../basics/nodeErrors';
import { readOnce, Remembered } from '../basics/remembered';
import { nowMs } from '../basics/time';
import { workflowParameters, type ParameterList } from '../parameters/workflowParameters';
import { parsedJson } from '../transport/answerBody';
import type { ApiContext } from '../transport/context';
import { accountOf } from '../transport/request';

/** What a workflow or a template takes. */
export interface Known {
	list: ParameterList;
	/** How long it ran, if it has and that is known. */
	runTimeMs?: number;
}

/** Where workflows are started from, and how to learn what they take. */
export interface DefinitionSource {
	noun: string;
	/** @throws NodeApiError when it can't be read */
	read(context: ApiContext, { id }: ById, more?: More): Promise<Known>;
}

// Some thousands of workflows, as their last values are mostly short.
const MOST_CHARACTERS = 4_000_000;
// What an entry takes beside its values: of workflows without parameters there would be a heap.
const CHARACTERS_AN_ENTRY = 800;
const pastWorkflows = new Remembered<Known>(
	MOST_CHARACTERS,
	(known) => CHARACTERS_AN_ENTRY + JSON.stringify(known).length,
);

/** Forgets what was learned of past workflows, as a new process would. */
export function forgetPastWorkflows(): void {
	pastWorkflows.clear();
}

/** A past workflow never changes: what it takes is asked for once in a process, and for each account. */
export const PAST_WORKFLOW: DefinitionSource = {
	noun: getWorkflow.noun,
	read: async (context, { id }, more) => {
		const key = `${await accountOf(context, more?.itemIndex)} ${id.toLowerCase()}`;
		const remembered = pastWorkflows.get(key);
		if (remembered !== undefined) return remembered;
		const workflow = await getWorkflow(context, { id }, more);
		const list = workflowParameters(workflow.workflow_json, workflow.workflow_params);
		const known = { list, runTimeMs: runTimeOf(workflow) };
		if (progressOf(workflow) !== 'pending') pastWorkflows.set(key, known);
		return known;
	},
};

/** A template may change. */
export const TEMPLATE: DefinitionSource = {
	noun: getTemplate.noun,
	read: async (context, { id }, more) => ({
		list: templateParameters(await getTemplate(context, { id }, more)),
	}),
};

/** What a template takes. Its workflow JSON may come as a text that holds the JSON. */
export function templateParameters({ body: definition }: Entity): ParameterList {
	return workflowParameters(
		typeof definition === 'string' ? parsedJson(definition) : definition,
		undefined,
	);
}

/**
 * Learns what past workflows take, each workflow once: undefined when it can't be read, which is no
 * reason not to run it.
 */
export function knownWorkflows(context: ApiContext) {
	return readOnce<Known | undefined>(async (id, itemIndex) => {
		const once = { itemIndex, untilMs: nowMs() };
		return await PAST_WORKFLOW.read(context, { id }, once).catch((error: unknown) =>
			undefinedIfUnreadable(error),
		);
	});
}

function undefinedIfUnreadable(error: unknown): undefined {
	if (!isNodeError(error)) throw error;
	return undefined;
}

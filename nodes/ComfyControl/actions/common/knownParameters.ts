import { workflowParameters, type ParameterList } from '../../parameters/workflowParameters';
import { isNodeError } from '../../runs/outcome';
import {
	getOne,
	TEMPLATES,
	WORKFLOWS,
	type Collection,
	type Entity,
} from '../../transport/collections';
import { parsedJson } from '../../transport/answerBody';
import type { ApiContext } from '../../transport/context';
import { nowMs } from '../../transport/time';

/** Where workflows are started from, and how their definition stands there. */
export interface DefinitionSource {
	collection: Collection;
	parametersOf(entity: Entity): ParameterList;
}

export const PAST_WORKFLOW: DefinitionSource = {
	collection: WORKFLOWS,
	parametersOf: ({ workflow_json: definition, workflow_params: lastParams }) =>
		workflowParameters(definition, lastParams),
};

export const TEMPLATE: DefinitionSource = {
	collection: TEMPLATES,
	// It may come as a text that holds the JSON.
	parametersOf: ({ body: definition }) =>
		workflowParameters(
			typeof definition === 'string' ? parsedJson(definition) : definition,
			undefined,
		),
};

/** The parameters that past workflows take, each workflow read once in an execution. */
export class KnownParameters {
	readonly #lists = new Map<string, Promise<ParameterList | undefined>>();

	constructor(private readonly context: ApiContext) {}

	/**
	 * @returns undefined when the workflow can't be read: that is no reason not to run it
	 * @throws ManualExecutionCancelledError when the execution is stopped
	 */
	async of(workflowId: string, itemIndex: number): Promise<ParameterList | undefined> {
		const list = this.#lists.get(workflowId) ?? this.#read(workflowId, itemIndex);
		this.#lists.set(workflowId, list);
		return await list;
	}

	async #read(workflowId: string, itemIndex: number): Promise<ParameterList | undefined> {
		const { collection, parametersOf } = PAST_WORKFLOW;
		const once = { itemIndex, untilMs: nowMs() };
		return await getOne(this.context, collection, workflowId, once).then(
			parametersOf,
			(error: unknown) => undefinedIfUnreadable(error),
		);
	}
}

function undefinedIfUnreadable(error: unknown): undefined {
	if (!isNodeError(error)) throw error;
	return undefined;
}

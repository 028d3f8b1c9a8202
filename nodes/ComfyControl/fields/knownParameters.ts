import type { ById, Entity } from '../api/collections';
import type { Endpoint } from '../api/endpoint';
import { getTemplate } from '../api/templates';
import { getWorkflow } from '../api/workflows';
import { isNodeError } from '../basics/nodeErrors';
import { readOnce } from '../basics/readOnce';
import { nowMs } from '../basics/time';
import { workflowParameters, type ParameterList } from '../parameters/workflowParameters';
import { parsedJson } from '../transport/answerBody';
import type { ApiContext } from '../transport/context';

/** Where workflows are started from, and how their definition stands there. */
export interface DefinitionSource {
	get: Endpoint<ById, Entity>;
	parametersOf(entity: Entity): ParameterList;
}

export const PAST_WORKFLOW: DefinitionSource = {
	get: getWorkflow,
	parametersOf: ({ workflow_json: definition, workflow_params: lastParams }) =>
		workflowParameters(definition, lastParams),
};

export const TEMPLATE: DefinitionSource = {
	get: getTemplate,
	// It may come as a text that holds the JSON.
	parametersOf: ({ body: definition }) =>
		workflowParameters(
			typeof definition === 'string' ? parsedJson(definition) : definition,
			undefined,
		),
};

/**
 * Reads the parameters that past workflows take, each workflow once: undefined when it can't be read,
 * which is no reason not to run it.
 */
export function knownParameters(context: ApiContext) {
	return readOnce<ParameterList | undefined>(async (id, itemIndex) => {
		const once = { itemIndex, untilMs: nowMs() };
		return await getWorkflow(context, { id }, once).then(
			PAST_WORKFLOW.parametersOf,
			(error: unknown) => undefinedIfUnreadable(error),
		);
	});
}

function undefinedIfUnreadable(error: unknown): undefined {
	if (!isNodeError(error)) throw error;
	return undefined;
}

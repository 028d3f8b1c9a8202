import { workflowParameters, type ParameterList } from '../../parameters/workflowParameters';
import { isNodeError } from '../../runs/outcome';
import type { ApiContext } from '../../transport/context';
import { nowMs } from '../../transport/time';
import { getWorkflow } from '../../transport/workflow';

/**
 * The parameters that workflows take, each workflow read once in an execution. A run's definition never
 * changes.
 */
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
		const once = { itemIndex, untilMs: nowMs() };
		return await getWorkflow(this.context, workflowId, once).then(
			({ workflow_json: definition, workflow_params: params }) =>
				workflowParameters(definition, params),
			(error: unknown) => undefinedIfUnreadable(error),
		);
	}
}

function undefinedIfUnreadable(error: unknown): undefined {
	if (!isNodeError(error)) throw error;
	return undefined;
}

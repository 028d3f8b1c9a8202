import type { IDataObject } from 'n8n-workflow';

import type { ApiContext } from './context';
import { apiRequest, type ApiRequest } from './request';

/**
 * What ComfyControl tells of a workflow. Only the fields that the node relies on are named.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/get
 */
export interface ComfyControlWorkflow extends IDataObject {
	id: string;
}

/** How a workflow stands: the states of the API, and any that it may get. */
export type Progress = 'completed' | 'failed' | 'pending';

// `invalid` is in the API's list of states but in none of its explanations. A workflow that ComfyUI
// turned down won't run, so it counts as failed.
const FAILED_STATES = new Set(['failed', 'invalid', 'cancelled']);

/** Whether an answer of the API is a workflow. */
export function isWorkflow(body: unknown): body is ComfyControlWorkflow {
	return (
		typeof body === 'object' &&
		body !== null &&
		'id' in body &&
		typeof body.id === 'string' &&
		body.id !== ''
	);
}

/** Whether an answer of the API is a page of its list of workflows. */
export function isWorkflowList(body: unknown): body is { workflows: ComfyControlWorkflow[] } {
	return (
		typeof body === 'object' &&
		body !== null &&
		'workflows' in body &&
		Array.isArray(body.workflows) &&
		body.workflows.every(isWorkflow)
	);
}

/**
 * Whether a workflow is finished, and how. A state that isn't known is not finished.
 *
 * @see https://docs.comfycontrol.app/concepts/workflows
 */
export function progressOf({ status }: ComfyControlWorkflow): Progress {
	if (status === 'completed') return 'completed';
	return FAILED_STATES.has(String(status)) ? 'failed' : 'pending';
}

/** A time of the API in milliseconds since 1970, or undefined when it has none. */
export function timeMs(timestamp: unknown): number | undefined {
	const time = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
	return Number.isNaN(time) ? undefined : time;
}

/**
 * Reads a workflow with all its details.
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/get
 */
export async function getWorkflow(
	context: ApiContext,
	id: string,
	more: Pick<ApiRequest<unknown>, 'itemIndex' | 'untilMs' | 'ifStopped'> = {},
): Promise<ComfyControlWorkflow> {
	return await apiRequest(context, {
		...more,
		method: 'GET',
		path: `/v1/workflow/${id}`,
		workflowId: id,
		isExpected: isWorkflow,
	});
}

/** The most workflows that one page of the list may have. */
export const WORKFLOWS_PER_PAGE = 100;

/**
 * Reads a page of the list of workflows, newest first.
 *
 * @param page counted from 1
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/list
 */
export async function listWorkflows(
	context: ApiContext,
	page: number,
	more: Pick<ApiRequest<unknown>, 'itemIndex' | 'untilMs'> = {},
): Promise<ComfyControlWorkflow[]> {
	const { workflows } = await apiRequest(context, {
		...more,
		method: 'GET',
		path: '/v1/workflow',
		query: { page, per_page: WORKFLOWS_PER_PAGE },
		isExpected: isWorkflowList,
	});
	return workflows;
}

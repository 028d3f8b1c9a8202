import { isAnything, pathOf, subjectOf, WORKFLOWS, type More } from './collections';
import type { ApiContext } from '../transport/context';
import { apiRequest } from '../transport/request';

/**
 * Asks ComfyControl to cancel a workflow. That may take it a few seconds.
 *
 * @throws NodeApiError with the status 400 when the workflow is not queued yet, or has ended
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/cancel
 */
export async function requestCancel(context: ApiContext, id: string, more: More): Promise<void> {
	await apiRequest(context, {
		...more,
		method: 'POST',
		path: `${pathOf(WORKFLOWS, id)}/cancel`,
		subject: subjectOf(WORKFLOWS, id),
		isExpected: isAnything,
	});
}

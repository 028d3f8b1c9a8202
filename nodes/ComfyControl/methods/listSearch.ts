import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { workflowIdIn } from '../parameters/workflowId';
import { nowMs } from '../transport/time';
import { getWorkflow, listWorkflows, WORKFLOWS_PER_PAGE } from '../transport/workflow';
import { finishedFirst, matches, workflowEntry } from './workflowEntry';

// The API has no search. More pages for each word typed would use up its limit of requests.
const PAGES_SEARCHED = 5;

/**
 * Past workflows for the list in the editor, a page at a time; with a search text those of the newest
 * whose name, tags or id contain it.
 *
 * @param paginationToken the page to give, counted from 1
 * @throws NodeApiError when they can't be read
 */
export async function searchWorkflows(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	if (filter.trim() !== '') return await search(this, filter.trim());

	const page = Number(paginationToken ?? 1);
	const workflows = await listWorkflows(this, page);
	const isLastPage = workflows.length < WORKFLOWS_PER_PAGE;
	return {
		results: finishedFirst(workflows).map((workflow) => workflowEntry(workflow, nowMs())),
		paginationToken: isLastPage ? undefined : String(page + 1),
	};
}

async function search(
	context: ILoadOptionsFunctions,
	text: string,
): Promise<INodeListSearchResult> {
	const id = workflowIdIn(text);
	if ('value' in id) {
		return { results: [workflowEntry(await getWorkflow(context, id.value), nowMs())] };
	}
	const results = [];
	for (let page = 1; page <= PAGES_SEARCHED; page++) {
		const workflows = await listWorkflows(context, page);
		const found = finishedFirst(workflows.filter((workflow) => matches(workflow, text)));
		results.push(...found.map((workflow) => workflowEntry(workflow, nowMs())));
		if (workflows.length < WORKFLOWS_PER_PAGE) return { results };
	}
	const searched = PAGES_SEARCHED * WORKFLOWS_PER_PAGE;
	const isElsewhere = { name: `Only the newest ${searched} were searched. Use By ID.`, value: '' };
	return { results: [...results, isElsewhere] };
}

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { workflowIdIn } from '../parameters/workflowId';
import { PER_PAGE, type ById, type Entity, type List } from '../api/collections';
import type { Endpoint } from '../api/endpoint';
import { getManagedRunner, listManagedRunners } from '../api/managedRunners';
import { getRunner, listRunners } from '../api/runners';
import { getTemplate, listTemplates } from '../api/templates';
import { getWorkflow, listWorkflows } from '../api/workflows';
import { nowMs } from '../basics/time';
import { finishedFirst, listEntry, matches } from './listEntry';

// The API has no search. More pages for each word typed would use up its limit of requests.
const PAGES_SEARCHED = 5;

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

export const searchWorkflows = listSearch(listWorkflows, getWorkflow);
export const searchTemplates = listSearch(listTemplates, getTemplate);
export const searchRunners = listSearch(listRunners, getRunner);
export const searchManagedRunners = listSearch(listManagedRunners, getManagedRunner);

/**
 * The list of a collection in the editor, a page at a time; with a search text those of the newest whose
 * name, tags or id contain it. It throws a NodeApiError when they can't be read.
 */
function listSearch(list: List, get: Endpoint<ById, Entity>): ListSearch {
	return async function (filter = '', paginationToken) {
		if (filter.trim() !== '') return await search(this, list, get, filter.trim());

		const page = Number(paginationToken ?? 1);
		const entities = await list(this, { page });
		return {
			results: finishedFirst(entities).map((entity) => listEntry(entity, nowMs())),
			paginationToken: entities.length < PER_PAGE ? undefined : String(page + 1),
		};
	};
}

async function search(
	context: ILoadOptionsFunctions,
	list: List,
	get: Endpoint<ById, Entity>,
	text: string,
): Promise<INodeListSearchResult> {
	const id = workflowIdIn(text);
	if ('value' in id) {
		return { results: [listEntry(await get(context, { id: id.value }), nowMs())] };
	}
	const results = [];
	for (let page = 1; page <= PAGES_SEARCHED; page++) {
		const entities = await list(context, { page });
		const found = finishedFirst(entities.filter((entity) => matches(entity, text)));
		results.push(...found.map((entity) => listEntry(entity, nowMs())));
		if (entities.length < PER_PAGE) return { results };
	}
	const searched = PAGES_SEARCHED * PER_PAGE;
	const isElsewhere = { name: `Only the newest ${searched} were searched. Use By ID.`, value: '' };
	return { results: [...results, isElsewhere] };
}

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { workflowIdIn } from '../parameters/workflowId';
import {
	getOne,
	getPage,
	MANAGED_RUNNERS,
	PER_PAGE,
	RUNNERS,
	TEMPLATES,
	WORKFLOWS,
	type Collection,
} from '../api/collections';
import { nowMs } from '../basics/time';
import { finishedFirst, listEntry, matches } from './listEntry';

// The API has no search. More pages for each word typed would use up its limit of requests.
const PAGES_SEARCHED = 5;

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

export const searchWorkflows = listSearch(WORKFLOWS);
export const searchTemplates = listSearch(TEMPLATES);
export const searchRunners = listSearch(RUNNERS);
export const searchManagedRunners = listSearch(MANAGED_RUNNERS);

/**
 * The list of a collection in the editor, a page at a time; with a search text those of the newest whose
 * name, tags or id contain it. It throws a NodeApiError when they can't be read.
 */
function listSearch(collection: Collection): ListSearch {
	return async function (filter = '', paginationToken) {
		if (filter.trim() !== '') return await search(this, collection, filter.trim());

		const page = Number(paginationToken ?? 1);
		const entities = await getPage(this, collection, { page });
		return {
			results: finishedFirst(entities).map((entity) => listEntry(entity, nowMs())),
			paginationToken: entities.length < PER_PAGE ? undefined : String(page + 1),
		};
	};
}

async function search(
	context: ILoadOptionsFunctions,
	collection: Collection,
	text: string,
): Promise<INodeListSearchResult> {
	const id = workflowIdIn(text);
	if ('value' in id) {
		return { results: [listEntry(await getOne(context, collection, id.value), nowMs())] };
	}
	const results = [];
	for (let page = 1; page <= PAGES_SEARCHED; page++) {
		const entities = await getPage(context, collection, { page });
		const found = finishedFirst(entities.filter((entity) => matches(entity, text)));
		results.push(...found.map((entity) => listEntry(entity, nowMs())));
		if (entities.length < PER_PAGE) return { results };
	}
	const searched = PAGES_SEARCHED * PER_PAGE;
	const isElsewhere = { name: `Only the newest ${searched} were searched. Use By ID.`, value: '' };
	return { results: [...results, isElsewhere] };
}

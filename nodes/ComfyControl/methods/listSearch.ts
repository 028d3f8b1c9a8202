import { createHash } from 'crypto';

import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { literal } from '../parameters/literal';
import { workflowIdIn } from '../parameters/ids';
import {
	getMany,
	PER_PAGE,
	readPages,
	type ById,
	type Endpoint,
	type Entity,
	type List,
} from '../api/endpoint';
import { getManagedRunner, listManagedRunners } from '../api/managedRunners';
import { getRunner, listRunners } from '../api/runners';
import { getTemplate, listTemplates } from '../api/templates';
import { getWorkflow, listWorkflows } from '../api/workflows';
import { foreignText } from '../basics/foreignText';
import {
	inOrder,
	isCompleted,
	isPending,
	kindOfWorkflow,
	listEntry,
	matches,
	oneOfEach,
	type IsFirst,
} from './listEntry';

// The API has no search. More pages for each word typed would use up its limit of requests.
const MOST_PAGES = 5;

// So many entries fill the list. When the builder has scrolled through them, the editor asks for more.
const FULL = 20;

// Enough to tell some hundred kinds from each other.
const MARK_LENGTH = 10;

/** How a list is shown. */
interface Showing {
	/** What only one is shown of, as long as nothing is searched for. By itself each is one. */
	kindOf: (entity: Entity) => string;
	isFirst: IsFirst;
}

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** What to rerun: of runs that differ in their parameters alone the newest. */
export const searchWorkflows = listSearch(listWorkflows, getWorkflow, {
	kindOf: kindOfWorkflow,
	isFirst: isCompleted,
});
/** Runs, each by itself: those whose outputs are there first. */
export const searchWorkflowsCompletedFirst = listSearch(listWorkflows, getWorkflow, {
	isFirst: isCompleted,
});
/** Runs, each by itself: those that still run first. */
export const searchWorkflowsPendingFirst = listSearch(listWorkflows, getWorkflow, {
	isFirst: isPending,
});
export const searchTemplates = listSearch(listTemplates, getTemplate);
export const searchRunners = listSearch(listRunners, getRunner);
export const searchManagedRunners = listSearch(listManagedRunners, getManagedRunner);

/** The names of the newest workflows, each once. @throws NodeApiError when they can't be read */
export async function searchWorkflowNames(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const workflows = await getMany(this, listWorkflows, MOST_PAGES * PER_PAGE);
	const names = new Set(workflows.map(({ name }) => String(name ?? '')));
	const found = [...names].filter(
		(name) => name.trim() !== '' && matches({ id: '', name }, filter.trim()),
	);
	return {
		results: found.map((name) => ({
			name: foreignText(name, { max: 120 }),
			value: literal(name),
		})),
	};
}

/**
 * The list of a collection in the editor, one entry for each kind of thing, newest first in each of its two
 * groups; with a search text all those of the newest that match it. It throws a NodeApiError when they can't
 * be read.
 */
function listSearch(
	list: List,
	get: Endpoint<ById, Entity>,
	{ kindOf = ownKind, isFirst = () => true }: Partial<Showing> = {},
): ListSearch {
	return async function (filter = '', paginationToken = '1') {
		const text = filter.trim();
		return text === ''
			? await browse(this, list, { kindOf, isFirst }, paginationToken)
			: await search(this, { list, get }, isFirst, text);
	};
}

/** @param token the page to begin with, and marks of the kinds that were shown before */
async function browse(
	context: ILoadOptionsFunctions,
	list: List,
	{ kindOf, isFirst }: Showing,
	token: string,
): Promise<INodeListSearchResult> {
	const [first, ...shown] = token.split(' ');
	const found: Entity[] = [];
	let kinds = new Map<string, Entity>();
	let page = Number(first);
	const results = () => entriesOf(context, [...kinds.values()], isFirst);
	for await (const entities of readPages(context, list, { page })) {
		page++;
		const isNew = (entity: Entity) => !shown.includes(markOf(kindOf(entity)));
		for (const entity of entities.filter(isNew)) found.push(entity);
		kinds = oneOfEach(found, kindOf);
		if (kinds.size >= FULL) {
			// Pages hold each run once by themselves.
			const marks = kindOf === ownKind ? [] : [...shown, ...[...kinds.keys()].map(markOf)];
			return { results: results(), paginationToken: [page, ...marks].join(' ') };
		}
		const isLong = page - Number(first) >= MOST_PAGES && entities.length === PER_PAGE;
		if (isLong) return { results: [...results(), isElsewhere(page - 1)] };
	}
	return { results: results() };
}

async function search(
	context: ILoadOptionsFunctions,
	{ list, get }: { list: List; get: Endpoint<ById, Entity> },
	isFirst: IsFirst,
	text: string,
): Promise<INodeListSearchResult> {
	const id = workflowIdIn(text);
	if ('value' in id) {
		return { results: entriesOf(context, [await get(context, { id: id.value })], isFirst) };
	}
	const searched = await getMany(context, list, MOST_PAGES * PER_PAGE);
	const found = searched.filter((entity) => matches(entity, text));
	const isCut = searched.length === MOST_PAGES * PER_PAGE;
	const results = entriesOf(context, found, isFirst);
	return { results: isCut ? [...results, isElsewhere(MOST_PAGES)] : results };
}

function entriesOf(
	context: ILoadOptionsFunctions,
	entities: Entity[],
	isFirst: IsFirst,
): INodeListSearchItems[] {
	const timeZone = context.getTimezone();
	return inOrder(entities, isFirst).map((entity) => listEntry(entity, timeZone));
}

function ownKind({ id }: Entity): string {
	return id;
}

function isElsewhere(pages: number): INodeListSearchItems {
	return { name: `Only the newest ${pages * PER_PAGE} were searched. Use By ID.`, value: '' };
}

function markOf(kind: string): string {
	return createHash('sha256').update(kind).digest('base64url').slice(0, MARK_LENGTH);
}

import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import type { ApiContext } from '../transport/context';
import { endpoint, type Endpoint, type EndpointFacts, type More } from './endpoint';

/** Something that ComfyControl keeps under an id. */
export interface Entity extends IDataObject {
	id: string;
}

/** Which one is meant. */
export interface ById {
	id: string;
}

/** Which page of a list is meant, counted from 1, and how it is filtered. */
export interface PageQuery extends IDataObject {
	page: number;
}

/** An endpoint that lists what ComfyControl keeps. */
export type List = Endpoint<PageQuery, Entity[]>;

/** The most that one page may have. @see https://docs.comfycontrol.app/api */
export const PER_PAGE = 100;

// More than anybody keeps. Only a list without an end has them.
const MOST_PAGES = 1_000;

/** An endpoint that reads a page of a list, newest first. @param key the list's field in the answer */
export function listEndpoint(facts: Omit<EndpointFacts, 'method'>, key: string): List {
	const readPage = endpoint({
		...facts,
		method: 'GET',
		content: (query: PageQuery) => ({ query: { per_page: PER_PAGE, ...query } }),
		isExpected: (body): body is Record<string, Entity[]> =>
			isRecord(body) && isEntityList(body[key]),
	});
	const { method, path, page, noun } = readPage;
	const list = async (context: ApiContext, query: PageQuery, more?: More) =>
		(await readPage(context, query, more))[key];
	return Object.assign(list, { method, path, page, noun });
}

/**
 * Reads a list page by page, each time what no page before it had, until its end. A list that repeats
 * itself or has no end is left, and the log says so.
 *
 * @param query the page to begin with, and the filters
 */
export async function* readPages(
	context: ApiContext,
	list: List,
	query: PageQuery,
	more: More = {},
): AsyncGenerator<Entity[]> {
	const seen = new Set<string>();
	for (let page = query.page; page < query.page + MOST_PAGES; page++) {
		const entities = await list(context, { ...query, page }, more);
		const fresh = entities.filter(({ id }) => !seen.has(id));
		for (const { id } of fresh) seen.add(id);
		yield fresh;
		if (entities.length < PER_PAGE) return;
		if (fresh.length === 0) {
			context.logger.warn(
				`ComfyControl: page ${page} of the list of ${list.noun}s repeats those before it. What comes after it is not read.`,
			);
			return;
		}
	}
	context.logger.warn(
		`ComfyControl: the list of ${list.noun}s goes on after ${MOST_PAGES} pages. What comes after them is not read.`,
	);
}

/** Reads the newest of a list, as many as wanted, each once even if others are added meanwhile. */
export async function getMany(
	context: ApiContext,
	list: List,
	limit: number,
	query: IDataObject = {},
	more: More = {},
): Promise<Entity[]> {
	const found: Entity[] = [];
	if (limit <= 0) return found;
	for await (const entities of readPages(context, list, { ...query, page: 1 }, more)) {
		for (const entity of entities.slice(0, limit - found.length)) found.push(entity);
		if (found.length >= limit) break;
	}
	return found;
}

/** Whether an answer of the API is one of its things. */
export function isEntity(body: unknown): body is Entity {
	return isRecord(body) && typeof body.id === 'string' && body.id !== '';
}

/** Whether an answer of the API is a list of its things. */
export function isEntityList(body: unknown): body is Entity[] {
	return Array.isArray(body) && body.every(isEntity);
}

/** Whatever the answer is: some are empty. */
export function isAnything(_body: unknown): _body is unknown {
	return true;
}

import type { IDataObject } from 'n8n-workflow';

import type { ApiContext } from '../transport/context';
import { apiRequest, type ApiRequest } from '../transport/request';
import { isRecord } from '../basics/guards';
import { log } from '../basics/notes';

/** What a request needs beside what it asks for. */
export type More = Pick<
	ApiRequest<unknown>,
	'itemIndex' | 'untilMs' | 'ifStopped' | 'unsentIf' | 'rank' | 'onServerTime'
>;

/** What the API documents of an endpoint. */
interface EndpointFacts {
	method: 'GET' | 'POST' | 'PUT';
	/** From `/v1/` on, with `{id}` for what it is about. */
	path: string;
	/** Its page in the documentation. */
	page: string;
	/** What people call what it is about. */
	noun: string;
}

/** An endpoint, to be called like a function. @throws as `apiRequest` does */
export interface Endpoint<Input, Answer> extends EndpointFacts {
	(context: ApiContext, input: Input, more?: More): Promise<Answer>;
}

interface Definition<Input, Answer> extends EndpointFacts {
	/** Whether it starts a workflow: a lost answer then says that it may run, and the start journal keeps it. */
	startsWorkflow?: boolean;
	/** Whether the answer is wanted as the text that it is. */
	answerAsText?: boolean;
	/** What is sent. */
	content?(input: Input): Pick<ApiRequest<unknown>, 'query' | 'body' | 'secrets'>;
	/** Whether the body is an answer that makes sense. */
	isExpected(body: unknown): body is Answer;
}

const DOCS = 'https://docs.comfycontrol.app/api/endpoints/';

/** An endpoint of the API, from what its page says. */
export function endpoint<Input extends object, Answer>({
	content,
	startsWorkflow,
	answerAsText,
	isExpected,
	...facts
}: Definition<Input, Answer>): Endpoint<Input, Answer> {
	const { method, path, noun } = facts;
	const call = async (context: ApiContext, input: Input, more: More = {}) => {
		const id = 'id' in input ? String(input.id) : undefined;
		return await apiRequest(context, {
			...more,
			...content?.(input),
			method,
			// Whatever the id is made of.
			path: path.replace('{id}', encodeURIComponent(id ?? '')),
			subject: id === undefined ? undefined : { noun, id },
			startsWorkflow,
			answerAsText,
			isExpected,
		});
	};
	return Object.assign(call, { ...facts, page: DOCS + facts.page });
}

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
			log(
				context,
				'warn',
				`page ${page} of the list of ${list.noun}s repeats those before it. What comes after it is not read.`,
			);
			return;
		}
	}
	log(
		context,
		'warn',
		`the list of ${list.noun}s goes on after ${MOST_PAGES} pages. What comes after them is not read.`,
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

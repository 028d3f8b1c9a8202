import type { IDataObject } from 'n8n-workflow';

import { parsedJson } from './answerBody';
import type { ApiContext } from './context';
import type { Subject } from './failedRequest';
import { apiRequest, type ApiRequest } from './request';

/** A kind of thing that ComfyControl keeps. */
export interface Collection {
	/** What people call one of them. */
	noun: string;
	path: string;
	/** The list's field in a page of them. */
	listKey: string;
}

export const WORKFLOWS: Collection = {
	noun: 'workflow',
	path: '/v1/workflow',
	listKey: 'workflows',
};
export const TEMPLATES: Collection = {
	noun: 'template',
	path: '/v1/template',
	listKey: 'templates',
};
export const RUNNERS: Collection = { noun: 'runner', path: '/v1/runner', listKey: 'runners' };
export const MANAGED_RUNNERS: Collection = {
	noun: 'managed runner',
	path: '/v1/managed-runner',
	listKey: 'runners',
};

/** Something that ComfyControl keeps under an id. */
export interface Entity extends IDataObject {
	id: string;
}

/** The most that one page may have. @see https://docs.comfycontrol.app/api */
export const PER_PAGE = 100;

/** What a request needs beside what it asks for. */
export type More = Pick<ApiRequest<unknown>, 'itemIndex' | 'untilMs' | 'ifStopped'>;

/** The path of one of them, whatever its id is made of. */
export function pathOf({ path }: Collection, id: string): string {
	return `${path}/${encodeURIComponent(id)}`;
}

/** One of them, as errors call it. */
export function subjectOf({ noun }: Collection, id: string): Subject {
	return { noun, id };
}

/** Reads one of them with all its details. */
export async function getOne(
	context: ApiContext,
	collection: Collection,
	id: string,
	more: More = {},
): Promise<Entity> {
	return await apiRequest(context, {
		...more,
		method: 'GET',
		path: pathOf(collection, id),
		subject: subjectOf(collection, id),
		isExpected: isEntity,
	});
}

/** Reads one of them with all its details, as the text of the answer: no digit of it is lost. */
export async function getOneAsText(
	context: ApiContext,
	collection: Collection,
	id: string,
	more: More = {},
): Promise<string> {
	return await apiRequest(context, {
		...more,
		method: 'GET',
		path: pathOf(collection, id),
		subject: subjectOf(collection, id),
		answerAsText: true,
		isExpected: (body): body is string => typeof body === 'string' && isEntity(parsedJson(body)),
	});
}

/**
 * Reads a page of them, newest first.
 *
 * @param query with `page` counted from 1
 */
export async function getPage(
	context: ApiContext,
	{ path, listKey }: Collection,
	query: IDataObject & { page: number },
	more: More = {},
): Promise<Entity[]> {
	return await apiRequest(context, {
		...more,
		method: 'GET',
		path,
		query: { per_page: PER_PAGE, ...query },
		isExpected: (body): body is Record<string, Entity[]> => isList(body, listKey),
	}).then((body) => body[listKey]);
}

/** Reads the newest of them, as many as wanted, each once even if others are added meanwhile. */
export async function getMany(
	context: ApiContext,
	collection: Collection,
	limit: number,
	query: IDataObject = {},
	more: More = {},
): Promise<Entity[]> {
	const found = new Map<string, Entity>();
	for (let page = 1; found.size < limit; page++) {
		const entities = await getPage(context, collection, { ...query, page }, more);
		const known = found.size;
		for (const entity of entities) {
			if (found.size < limit) found.set(entity.id, entity);
		}
		if (entities.length < PER_PAGE || found.size === known) break;
	}
	return [...found.values()];
}

/** Whether an answer of the API is one of its things. */
export function isEntity(body: unknown): body is Entity {
	return (
		typeof body === 'object' &&
		body !== null &&
		'id' in body &&
		typeof body.id === 'string' &&
		body.id !== ''
	);
}

/** Whether an answer of the API is a list of its things. */
export function isEntityList(body: unknown): body is Entity[] {
	return Array.isArray(body) && body.every(isEntity);
}

/** Whatever the answer is: some are empty. */
export function isAnything(_body: unknown): _body is unknown {
	return true;
}

function isList(body: unknown, key: string): boolean {
	return typeof body === 'object' && body !== null && isEntityList(Reflect.get(body, key));
}

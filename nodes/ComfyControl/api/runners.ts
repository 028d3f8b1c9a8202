import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import {
	endpoint,
	isAnything,
	isEntity,
	isEntityList,
	listEndpoint,
	type ById,
	type Entity,
} from './endpoint';

const noun = 'runner';
const path = '/v1/runner';
const ofOne = `${path}/{id}`;

/** What a runner is made of, or what is to be changed of it. */
interface RunnerContent {
	body: IDataObject;
}

export const createRunner = endpoint({
	method: 'POST',
	path,
	page: 'runners/create',
	noun,
	content: withSecrets,
	isExpected: isEntity,
});

export const listRunners = listEndpoint({ path, page: 'runners/list', noun }, 'runners');

export const getRunner = endpoint<ById, Entity>({
	method: 'GET',
	path: ofOne,
	page: 'runners/get',
	noun,
	isExpected: isEntity,
});

export const updateRunner = endpoint({
	method: 'PUT',
	path: ofOne,
	page: 'runners/update',
	noun,
	content: (runner: ById & RunnerContent) => withSecrets(runner),
	isExpected: isEntity,
});

/** Lists the newest workflows of a runner. */
export const getRunnerHistory = endpoint<ById, Entity[]>({
	method: 'GET',
	path: `${ofOne}/history`,
	page: 'runners/history',
	noun,
	isExpected: isEntityList,
});

/** Stops whatever runs on a runner, other people's workflows too. */
export const interruptRunner = endpoint<ById, unknown>({
	method: 'POST',
	path: `${ofOne}/interrupt`,
	page: 'runners/interrupt',
	noun,
	isExpected: isAnything,
});

// No error may show the values of headers.
function withSecrets({ body }: RunnerContent & { id?: string }) {
	const values = isRecord(body.headers) ? Object.values(body.headers).map(String) : [];
	// Of `Basic abc` the last word alone is a secret too.
	const secrets = values.flatMap((value) => [value, ...value.split(' ').slice(1)]);
	return { body, secrets };
}

import { isEntity, isEntityList, listEndpoint, type ById } from './collections';
import { endpoint } from './endpoint';

const noun = 'managed runner';
const path = '/v1/managed-runner';
const ofOne = `${path}/{id}`;

export const listManagedRunners = listEndpoint(
	{ path, page: 'managed-runners/list', noun },
	'runners',
);

export const getManagedRunner = endpoint({
	method: 'GET',
	path: ofOne,
	page: 'managed-runners/get',
	noun,
	content: (_: ById) => ({}),
	isExpected: isEntity,
});

/** Lists the newest workflows of a managed runner. */
export const getManagedRunnerHistory = endpoint({
	method: 'GET',
	path: `${ofOne}/history`,
	page: 'managed-runners/history',
	noun,
	content: (_: ById) => ({}),
	isExpected: isEntityList,
});

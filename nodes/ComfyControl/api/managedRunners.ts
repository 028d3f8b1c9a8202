import { endpoint, isEntity, isEntityList, listEndpoint, type ById, type Entity } from './endpoint';

const noun = 'managed runner';
const path = '/v1/managed-runner';
const ofOne = `${path}/{id}`;

export const listManagedRunners = listEndpoint(
	{ path, page: 'managed-runners/list', noun },
	'runners',
);

export const getManagedRunner = endpoint<ById, Entity>({
	method: 'GET',
	path: ofOne,
	page: 'managed-runners/get',
	noun,
	isExpected: isEntity,
});

/** Lists the newest workflows of a managed runner. */
export const getManagedRunnerHistory = endpoint<ById, Entity[]>({
	method: 'GET',
	path: `${ofOne}/history`,
	page: 'managed-runners/history',
	noun,
	isExpected: isEntityList,
});

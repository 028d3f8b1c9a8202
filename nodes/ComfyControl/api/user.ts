import { endpoint, isEntity } from './endpoint';

/** Reads the user that the token belongs to. */
export const getUser = endpoint({
	method: 'GET',
	path: '/v1/user',
	page: 'user/get',
	noun: 'user',
	isExpected: isEntity,
});

import type { Resource } from '../operation';
import * as get from './get.operation';

export const user: Resource = {
	option: { name: 'User', value: 'user' },
	operations: [get],
	defaultOperation: 'get',
};

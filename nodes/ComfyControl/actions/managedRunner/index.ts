import type { Resource } from '../operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as getHistory from './getHistory.operation';

export const managedRunner: Resource = {
	option: { name: 'Managed Runner', value: 'managedRunner' },
	operations: [get, getAll, getHistory],
	defaultOperation: 'getAll',
};

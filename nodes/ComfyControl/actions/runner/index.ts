import type { Resource } from '../operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as getHistory from './getHistory.operation';
import * as interrupt from './interrupt.operation';
import * as update from './update.operation';

export const runner: Resource = {
	option: { name: 'Runner', value: 'runner' },
	operations: [create, get, getAll, getHistory, interrupt, update],
	defaultOperation: 'getAll',
};

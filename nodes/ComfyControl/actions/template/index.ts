import type { Resource } from '../operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as run from './run.operation';
import * as update from './update.operation';

export const template: Resource = {
	option: { name: 'Template', value: 'template' },
	operations: [run, create, get, getAll, update],
	defaultOperation: 'run',
};

import type { Resource } from '../operation';
import * as cancel from './cancel.operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as getOutputs from './getOutputs.operation';
import * as rerun from './rerun.operation';
import * as wait from './wait.operation';

export const workflow: Resource = {
	option: { name: 'Workflow', value: 'workflow' },
	// In the order in which people need them: the picker shows them so.
	operations: [rerun, create, wait, getOutputs, get, getAll, cancel],
	defaultOperation: 'rerun',
};

import type { INodeProperties } from 'n8n-workflow';

import { propertiesOf, type Resource } from './operation';
import { managedRunner } from './managedRunner';
import { runner } from './runner';
import { template } from './template';
import { user } from './user';
import { workflow } from './workflow';

/** Everything that the node can do, what it is mostly used for in front. */
export const RESOURCES: Resource[] = [workflow, template, runner, managedRunner, user];

/** The fields of all operations, after the choice of the resource. */
export const properties: INodeProperties[] = RESOURCES.flatMap(propertiesOf);

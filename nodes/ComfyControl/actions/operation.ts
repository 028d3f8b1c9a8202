import {
	type IExecuteFunctions,
	type INodeProperties,
	type INodePropertyOptions,
	updateDisplayOptions,
} from 'n8n-workflow';

import type { FailurePolicy, Outcome } from '../batch/outcome';

/** What an operation does with the node's items. One outcome for each item, or each of its runs, that it got to. */
export type Operation = (context: IExecuteFunctions, policy: FailurePolicy) => Promise<Outcome[]>;

/** What a file of an operation gives: how the user picks it, its fields, and what it does. */
export interface OperationFile {
	option: INodePropertyOptions;
	fields: INodeProperties[];
	execute: Operation;
}

/** A resource of the API, with what can be done with it. */
export interface Resource {
	option: INodePropertyOptions;
	operations: OperationFile[];
	/** The value of the operation that is chosen at first. */
	defaultOperation: string;
}

/** The choice of the resource's operation, and the fields of each, shown where they apply. */
export function propertiesOf({
	option,
	operations,
	defaultOperation,
}: Resource): INodeProperties[] {
	const resource = [option.value];
	const choice: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource } },
		default: defaultOperation,
		options: operations.map((operation) => operation.option),
	};
	const fields = operations.flatMap((operation) =>
		updateDisplayOptions(
			{ show: { resource, operation: [operation.option.value] } },
			operation.fields,
		),
	);
	return [choice, ...fields];
}

import type { IExecuteFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';

import { addHint } from '../basics/notes';
import { valueOrThrow } from '../basics/nodeErrors';
import { switchIn } from '../parameters/given';
import type { Checked } from '../parameters/types';

/**
 * Whether a switch is on for an item.
 *
 * @param path where its value is, if not under its own name
 * @throws NodeOperationError when an expression gives neither yes nor no
 */
export function isOn(
	context: IExecuteFunctions,
	field: INodeProperties,
	itemIndex: number,
	path = field.name,
): boolean {
	const checked = check(field, context.getNodeParameter(path, itemIndex, isOnByDefault(field)));
	return valueOrThrow(context.getNode(), checked, itemIndex);
}

/**
 * Whether a switch is on that says how a result looks. It is read when the work is done, which an error would
 * lose: what is neither yes nor no, or can't be read at all, counts as the default, and a hint says so.
 */
export function isOnInResult(
	context: IExecuteFunctions,
	field: INodeProperties,
	itemIndex: number,
	path = field.name,
): boolean {
	const fallback = isOnByDefault(field);
	const checked = check(field, valueOrNoSwitch(context, path, itemIndex, fallback));
	if ('value' in checked) return checked.value;
	const { message, description } = checked.problem;
	addHint(context, `${message}, and counted as ${fallback ? 'on' : 'off'}. ${description}`);
	return fallback;
}

/**
 * Whether a switch of the trigger is on.
 *
 * @throws NodeOperationError when an expression gives neither yes nor no
 */
export function isOnForPoll(
	context: IPollFunctions,
	field: INodeProperties,
	path = field.name,
): boolean {
	const checked = check(field, context.getNodeParameter(path, isOnByDefault(field)));
	return valueOrThrow(context.getNode(), checked, undefined);
}

/** The value, or what is neither yes nor no if its expression fails. */
function valueOrNoSwitch(
	context: IExecuteFunctions,
	path: string,
	itemIndex: number,
	fallback: boolean,
): unknown {
	try {
		return context.getNodeParameter(path, itemIndex, fallback);
	} catch {
		return NaN;
	}
}

function check(field: INodeProperties, value: unknown): Checked<boolean> {
	return switchIn(field.displayName, value, isOnByDefault(field));
}

function isOnByDefault(field: INodeProperties): boolean {
	return field.default === true;
}

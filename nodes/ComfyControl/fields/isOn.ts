import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { valueOrThrow } from '../basics/nodeErrors';
import { switchIn } from '../parameters/switched';

/**
 * Whether a switch is on for an item.
 *
 * @param path where its value is, if not under its own name
 * @throws NodeOperationError when an expression gives neither yes nor no
 */
export function isOn(
	context: IExecuteFunctions,
	{ name, displayName, default: preset }: INodeProperties,
	itemIndex: number,
	path = name,
): boolean {
	const fallback = preset === true;
	const value: unknown = context.getNodeParameter(path, itemIndex, fallback);
	return valueOrThrow(context.getNode(), switchIn(displayName, value, fallback), itemIndex);
}

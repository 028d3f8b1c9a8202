import type { IExecuteFunctions } from 'n8n-workflow';

const said = new WeakMap<IExecuteFunctions, Set<string>>();
const MOST = 5;

/** Shows a hint beside the node's output, the same one once in an execution, and not one for each of many items. */
export function addHint(context: IExecuteFunctions, message: string): void {
	const hints = said.get(context) ?? new Set<string>();
	if (hints.has(message) || hints.size >= MOST) return;
	said.set(context, hints.add(message));
	// Older n8n has no hints.
	const { addExecutionHints }: Partial<Pick<IExecuteFunctions, 'addExecutionHints'>> = context;
	addExecutionHints?.call(context, { message, location: 'outputPane', type: 'warning' });
}

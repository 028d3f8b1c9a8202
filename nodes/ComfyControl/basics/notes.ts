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

// A line of the log that can still be read.
const ENTRIES_A_LINE = 50;

/** Writes a list of any length into n8n's log, in lines that each begin with what it is a list of. */
export function logLines({ logger }: IExecuteFunctions, title: string, entries: string[]): void {
	for (let from = 0; from < entries.length; from += ENTRIES_A_LINE) {
		logger.warn(`${title}: ${entries.slice(from, from + ENTRIES_A_LINE).join(', ')}`);
	}
}

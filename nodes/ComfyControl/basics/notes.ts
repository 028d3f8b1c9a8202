import type { IExecuteFunctions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';

import { foreignText } from './foreignText';

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

// Room for fifty ids.
const LONGEST_LINE = 10_000;
const LONGEST_PLACE = 300;

type Logging = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/** Writes a line into n8n's log that says which execution and node it is about: n8n does not. */
export function log(context: Logging, level: 'info' | 'warn', text: string): void {
	const line = `ComfyControl (${placeOf(context)}): ${text}`;
	context.logger[level](foreignText(line, { max: LONGEST_LINE }));
}

// A line of the log that can still be read.
const ENTRIES_A_LINE = 50;

/** Writes a list of any length into n8n's log, in lines that each begin with what it is a list of. */
export function logList(
	context: Logging,
	level: 'info' | 'warn',
	title: string,
	entries: string[],
): void {
	for (let from = 0; from < entries.length; from += ENTRIES_A_LINE) {
		log(context, level, `${title}: ${entries.slice(from, from + ENTRIES_A_LINE).join(', ')}`);
	}
}

function placeOf(context: Logging): string {
	const { id, name } = context.getWorkflow();
	// Neither a poll nor the editor has one.
	const executionId: string | undefined = context.getExecutionId();
	const workflow: string | undefined = name ?? id;
	const parts = [
		executionId ? `execution ${executionId}` : '',
		workflow ? `workflow '${workflow}'` : '',
		`node '${context.getNode().name}'`,
	];
	return foreignText(parts.filter(Boolean).join(', '), { max: LONGEST_PLACE });
}

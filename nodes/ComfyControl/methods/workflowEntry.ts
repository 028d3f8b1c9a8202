import type { INodeListSearchItems } from 'n8n-workflow';

import { progressOf, timeMs, type ComfyControlWorkflow } from '../transport/workflow';

const UNITS = [
	['year', 31_536_000_000],
	['month', 2_592_000_000],
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000],
] as const;

/** A workflow as an entry of a list: its name, how it stands, and how long ago it was started. */
export function workflowEntry(workflow: ComfyControlWorkflow, now: number): INodeListSearchItems {
	const { id, name, status, created_at: createdAt } = workflow;
	const startedMs = timeMs(createdAt);
	const about = [status, startedMs === undefined ? undefined : timeAgo(now - startedMs)];
	const details = about.filter((text) => typeof text === 'string' && text !== '').join(', ');
	return {
		name: `${nameOf(name)}${details === '' ? '' : ` (${details})`}`,
		value: id,
	};
}

/** Those that have completed before the others, each group in its order. */
export function finishedFirst(workflows: ComfyControlWorkflow[]): ComfyControlWorkflow[] {
	const isCompleted = (workflow: ComfyControlWorkflow) => progressOf(workflow) === 'completed';
	return [
		...workflows.filter(isCompleted),
		...workflows.filter((workflow) => !isCompleted(workflow)),
	];
}

/** Whether a workflow's name, tags or id contain a text, whatever its case. */
export function matches({ id, name, tags }: ComfyControlWorkflow, text: string): boolean {
	const texts: unknown[] = [id, name, ...(Array.isArray(tags) ? tags : [])];
	return texts.some((part) => String(part).toLowerCase().includes(text.toLowerCase()));
}

function timeAgo(elapsedMs: number): string {
	const [unit, unitMs] = UNITS.find(([, ms]) => elapsedMs >= ms) ?? [];
	if (unit === undefined) return 'just now';
	const count = Math.floor(elapsedMs / unitMs);
	return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function nameOf(name: unknown): string {
	return typeof name === 'string' && name.trim() !== '' ? name : 'Unnamed';
}

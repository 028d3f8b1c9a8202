import type { INodeListSearchItems } from 'n8n-workflow';

import type { Entity } from '../api/collections';
import { foreignText } from '../basics/foreignText';
import { progressOf, timeMs } from '../api/states';

const UNITS = [
	['year', 31_536_000_000],
	['month', 2_592_000_000],
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000],
] as const;

/** Something as an entry of a list: its name, how it stands, and how long ago it was made. */
export function listEntry(entity: Entity, now: number): INodeListSearchItems {
	const { id, name, status, created_at: createdAt } = entity;
	const madeMs = timeMs(createdAt);
	const state = typeof status === 'string' ? foreignText(status, { max: 40 }) : undefined;
	const about = [state, madeMs === undefined ? undefined : timeAgo(now - madeMs)];
	const details = about.filter((text) => typeof text === 'string' && text !== '').join(', ');
	return {
		name: `${nameOf(name)}${details === '' ? '' : ` (${details})`}`,
		value: id,
	};
}

/** Workflows that have completed before all others, each group in its order. */
export function finishedFirst(entities: Entity[]): Entity[] {
	const isCompleted = (entity: Entity) => progressOf(entity) === 'completed';
	return [...entities.filter(isCompleted), ...entities.filter((entity) => !isCompleted(entity))];
}

/** Whether a name, tags or id contain a text, whatever its case. */
export function matches({ id, name, tags }: Entity, text: string): boolean {
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
	return typeof name === 'string' && name.trim() !== ''
		? foreignText(name, { max: 120 })
		: 'Unnamed';
}

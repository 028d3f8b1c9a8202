import type { INodeListSearchItems } from 'n8n-workflow';

import type { Entity } from '../api/endpoint';
import { foreignText } from '../basics/foreignText';
import { progressOf, timeMs } from '../api/states';

const SHORT_ID = 8;

/**
 * Something as an entry of a list: its name, when it was made, the beginning of its id, and its tags, where the
 * editor may cut it. It keeps that text in the node, so that nothing in it may get out of date.
 *
 * @param timeZone of the builder, such as `Europe/Berlin`
 */
export function listEntry(entity: Entity, timeZone: string): INodeListSearchItems {
	const { id, name, created_at: createdAt } = entity;
	const madeMs = timeMs(createdAt);
	const shortId = foreignText(id, { max: 100 }).slice(0, SHORT_ID);
	const about = madeMs === undefined ? shortId : `${dateAndTime(madeMs, timeZone)}, ${shortId}`;
	const tags = foreignText(
		tagsOf(entity)
			.map((tag) => ` #${tag}`)
			.join(''),
		{ max: 60 },
	);
	return { name: `${nameOf(name)} (${about})${tags}`, value: id };
}

/** Which entries come before the others. */
export type IsFirst = (entity: Entity) => boolean;

/** Those that come first before all others, each group in its order. */
export function inOrder(entities: Entity[], isFirst: IsFirst): Entity[] {
	return [...entities.filter(isFirst), ...entities.filter((entity) => !isFirst(entity))];
}

/** Of each kind one, that which has completed rather than another, and the first of them. */
export function oneOfEach(
	entities: Entity[],
	kindOf: (entity: Entity) => string,
): Map<string, Entity> {
	const chosen = new Map<string, Entity>();
	for (const entity of entities) {
		const kind = kindOf(entity);
		const before = chosen.get(kind);
		if (!before || (isCompleted(entity) && !isCompleted(before))) chosen.set(kind, entity);
	}
	return chosen;
}

/** What workflows have in common that differ only in their runs: the name and the set of tags. */
export function kindOfWorkflow(workflow: Entity): string {
	return JSON.stringify([workflow.name, ...new Set(tagsOf(workflow).sort())]);
}

/** Whether all words of a text are in the name, tags, id or status, in any order and whatever their case. */
export function matches(entity: Entity, text: string): boolean {
	const { id, name, status } = entity;
	const texts = [id, name, status, ...tagsOf(entity)].map((part) => String(part).toLowerCase());
	const words = text.toLowerCase().split(/\s+/);
	return words.every((word) => texts.some((part) => part.includes(word)));
}

export function isCompleted(entity: Entity): boolean {
	return progressOf(entity) === 'completed';
}

export function isPending(entity: Entity): boolean {
	return progressOf(entity) === 'pending';
}

function tagsOf({ tags }: Entity): string[] {
	return Array.isArray(tags) ? tags.map(String) : [];
}

// The Swedish way to write it is the one that everybody can read and that sorts.
function dateAndTime(ms: number, timeZone: string): string {
	const style = { timeZone, dateStyle: 'short', timeStyle: 'short' } as const;
	return new Intl.DateTimeFormat('sv-SE', style).format(ms);
}

function nameOf(name: unknown): string {
	return typeof name === 'string' && name.trim() !== ''
		? foreignText(name, { max: 120 })
		: 'Unnamed';
}

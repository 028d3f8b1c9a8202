import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { getMany, type ById, type Endpoint, type Entity, type List } from '../api/endpoint';
import { eachItem } from '../batch/eachItem';
import { entityIdOf } from '../fields/locators';
import { limitOf } from '../fields/many';
import type { Operation } from './operation';

/** What an item's result shows of an entity. */
type Shown = (context: IExecuteFunctions, itemIndex: number, entity: Entity) => IDataObject;

/** Reads the entity that each item names in `field`. */
export function readingOne(
	get: Endpoint<ById, Entity>,
	field: string,
	shown: Shown = whole,
): Operation {
	return async (context, policy) =>
		await eachItem(context, policy, async (itemIndex) => {
			const id = entityIdOf(context, field, get.noun, itemIndex);
			const entity = await get(context, { id }, { itemIndex });
			return [{ json: shown(context, itemIndex, entity) }];
		});
}

/** Reads as many entities as each item wants, filtered by what `queryOf` says. */
export function readingMany(
	list: List,
	queryOf: (context: IExecuteFunctions, itemIndex: number) => IDataObject = () => ({}),
	shown: Shown = whole,
): Operation {
	return async (context, policy) =>
		await eachItem(context, policy, async (itemIndex) => {
			const limit = limitOf(context, itemIndex);
			const query = queryOf(context, itemIndex);
			const entities = await getMany(context, list, limit, query, { itemIndex });
			return entities.map((entity) => ({ json: shown(context, itemIndex, entity) }));
		});
}

/** Reads the newest workflows of the runner that each item names in `field`. */
export function readingHistory(history: Endpoint<ById, Entity[]>, field: string): Operation {
	return async (context, policy) =>
		await eachItem(context, policy, async (itemIndex) => {
			const id = entityIdOf(context, field, history.noun, itemIndex);
			const workflows = await history(context, { id }, { itemIndex });
			return workflows.map((json) => ({ json }));
		});
}

function whole(_context: IExecuteFunctions, _itemIndex: number, entity: Entity): IDataObject {
	return entity;
}

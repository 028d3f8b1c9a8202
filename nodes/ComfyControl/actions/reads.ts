import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { eachItem } from '../batch/eachItem';
import {
	getMany,
	getOne,
	isEntityList,
	pathOf,
	subjectOf,
	type Collection,
	type Entity,
} from '../api/collections';
import { apiRequest } from '../transport/request';
import { entityIdOf } from './common/entityId';
import { limitOf } from '../fields/many';
import type { Operation } from './common/operation';

/** What an item's result shows of an entity. */
type Shown = (context: IExecuteFunctions, itemIndex: number, entity: Entity) => IDataObject;

/** Reads the entity that each item names in `field`. */
export function readingOne(collection: Collection, field: string, shown: Shown = whole): Operation {
	return async (context, policy) =>
		await eachItem(context, policy, async (itemIndex) => {
			const id = entityIdOf(context, field, collection, itemIndex);
			const entity = await getOne(context, collection, id, { itemIndex });
			return [{ json: shown(context, itemIndex, entity) }];
		});
}

/** Reads as many entities as each item wants, filtered by what `queryOf` says. */
export function readingMany(
	collection: Collection,
	queryOf: (context: IExecuteFunctions, itemIndex: number) => IDataObject = () => ({}),
	shown: Shown = whole,
): Operation {
	return async (context, policy) =>
		await eachItem(context, policy, async (itemIndex) => {
			const limit = limitOf(context, itemIndex);
			const query = queryOf(context, itemIndex);
			const entities = await getMany(context, collection, limit, query, { itemIndex });
			return entities.map((entity) => ({ json: shown(context, itemIndex, entity) }));
		});
}

/** Reads the newest workflows of the runner that each item names in `field`. */
export function readingHistory(collection: Collection, field: string): Operation {
	return async (context, policy) =>
		await eachItem(context, policy, async (itemIndex) => {
			const id = entityIdOf(context, field, collection, itemIndex);
			const workflows = await apiRequest(context, {
				method: 'GET',
				path: `${pathOf(collection, id)}/history`,
				subject: subjectOf(collection, id),
				itemIndex,
				isExpected: isEntityList,
			});
			return workflows.map((json) => ({ json }));
		});
}

function whole(_context: IExecuteFunctions, _itemIndex: number, entity: Entity): IDataObject {
	return entity;
}

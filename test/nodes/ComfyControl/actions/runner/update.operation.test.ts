import type { INodeParameters } from 'n8n-workflow';

import { othersRunnerId } from '../../../../sandbox';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	refusal,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const SECRET = 'Basic aHVudGVyMg==';
const HEADERS = { header: [{ name: 'X-Key', value: SECRET }] };
const update = (updateFields: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
	resource: 'runner',
	operation: 'update',
	runnerId: byId(SEEDS.runners.main),
	updateFields,
	...more,
});
const RENAME = update({ name: 'New name' });

describe('updating a runner', () => {
	const at = stage();
	const main = () => at.sandbox.runners.find(({ id }) => id === SEEDS.runners.main);

	it.each<[string, INodeParameters, object]>([
		['the name', { name: 'New name' }, { name: 'New name' }],
		['the endpoint', { endpoint: 'http://10.0.0.7:8188' }, { endpoint: 'http://10.0.0.7:8188' }],
		['the status', { status: 'disabled' }, { status: 'disabled' }],
		['the tags', { tags: ['a,b', 'c'] }, { tags: ['a', 'b', 'c'] }],
		['the headers', { headers: HEADERS }, { headers: { 'X-Key': SECRET } }],
		['tags and headers to none', { tags: [], headers: {} }, { tags: [], headers: {} }],
	])('sends %s and nothing else', async (_what, updateFields, json) => {
		const before = main();
		const { outputs } = await at.run(update(updateFields));
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'PUT', path: `/v1/runner/${SEEDS.runners.main}`, status: 200 },
		]);
		expect(at.sandbox.requests[0].json).toEqual(json);
		expect(main()).toEqual({ ...before, ...json, updatedAtMs: expect.any(Number) });
		expect(outputs[0]).toMatchObject([
			{ json: { id: SEEDS.runners.main, endpoint: main()?.endpoint }, pairedItem: { item: 0 } },
		]);
	});

	it.each([
		['without the values of its headers', {}, '***'],
		['with them when they are wanted', { showHeaderValues: true }, SECRET],
	])('hands on the answer %s', async (_how, options, value) => {
		const { outputs } = await at.run(update({ headers: HEADERS }, { options }));
		expect(outputs[0][0].json.headers).toEqual({ 'X-Key': value });
	});

	it('hides the values that were there before', async () => {
		const { outputs } = await runApart(
			{ switches: { runnerUpdate: 'merges' } },
			update({ headers: HEADERS }),
		);
		expect(outputs[0][0].json.headers).toEqual({ Authorization: '***', 'X-Key': '***' });
	});

	it.each<[string, INodeParameters, string]>([
		['no field', {}, 'There is nothing to update'],
		['an empty name', { name: '' }, "'Name' is empty"],
		['a long name', { name: 'x'.repeat(101) }, "'Name' has 101 characters"],
		['a wrong endpoint', { endpoint: 'ftp://x' }, "'Endpoint' is not a valid URL"],
		['eleven tags', { tags: [...'abcdefghijk'] }, 'There are 11 tags'],
		[
			'a header without a name',
			{ headers: { header: [{ name: '', value: SECRET }] } },
			'A header has no name',
		],
		[
			'a field without a value',
			{ name: 'x', tags: '={{ $json.nothing }}' },
			'There is no value for the field to update: tags',
		],
	])('sends nothing when there is %s', async (_what, updateFields, message) => {
		const { error } = await at.run(update(updateFields));
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(JSON.stringify(error)).not.toContain(SECRET);
		expect(at.sandbox.requests).toEqual([]);
	});

	it('explains a status that there is none of (400)', async () => {
		const { error } = await at.run(update({ status: '={{ "inactive" }}' }));
		expect(error).toMatchObject({ httpCode: '400', message: 'Invalid status' });
	});

	it('never repeats a header’s value from an error', async () => {
		at.sandbox.failNext({ on: {}, ...refusal(400, `Can't use ${SECRET} for X-Key`) });
		const { error } = await at.run(update({ headers: HEADERS }));
		expect(error.message).toBe("Can't use *** for X-Key");
	});

	itExplainsWrongIds(at, (id) => ({ ...RENAME, runnerId: byId(id) }), 'runner', othersRunnerId);
	itExplainsCommonErrors(at, RENAME, 'PUT');
	itWorksItemByItem(at, RENAME, 'PUT');
});

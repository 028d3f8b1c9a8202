import {
	getMany,
	isAnything,
	isEntity,
	isEntityList,
} from '../../../../nodes/ComfyControl/api/endpoint';
import { getManagedRunner } from '../../../../nodes/ComfyControl/api/managedRunners';
import { getRunner } from '../../../../nodes/ComfyControl/api/runners';
import { getTemplate } from '../../../../nodes/ComfyControl/api/templates';
import { getWorkflow, listWorkflows } from '../../../../nodes/ComfyControl/api/workflows';
import type { ApiContext } from '../../../../nodes/ComfyControl/transport/context';
import { asNode } from '../../../support/asNode';
import { ApiServer, ok } from '../../../support/apiServer';

let api: ApiServer;

beforeAll(async () => {
	api = await ApiServer.start();
});
beforeEach(() => api.reset());
afterAll(() => api.stop());

async function read<Result>(work: (context: ApiContext) => Promise<Result>): Promise<Result> {
	return await asNode({ apiToken: 'cfc_secret', baseUrl: api.url }, work);
}

/** A page with that many workflows from that number on. */
const page = (from: number, count: number) =>
	ok({ workflows: Array.from({ length: count }, (_, index) => ({ id: `w${from + index}` })) });
const urls = () => api.requests.map(({ url }) => url);

describe('what is one of the API’s things', () => {
	it.each([
		[{ id: 'w1' }, true],
		[{ id: 'w1', name: 'x' }, true],
		[{ id: '' }, false],
		[{ id: 1 }, false],
		[{ name: 'x' }, false],
		[null, false],
		[undefined, false],
		['w1', false],
		[[{ id: 'w1' }], false],
	])('%j: %p', (body, expected) => {
		expect(isEntity(body)).toBe(expected);
		expect(isEntityList([{ id: 'w0' }, body])).toBe(expected);
		expect(isAnything(body)).toBe(true);
	});

	it('takes no list for a list that is none', () => {
		expect(isEntityList({ id: 'w1' })).toBe(false);
		expect(isEntityList([])).toBe(true);
	});
});

it.each([
	[getWorkflow, 'workflow', '/v1/workflow/a%2F%3Fb'],
	[getTemplate, 'template', '/v1/template/a%2F%3Fb'],
	[getRunner, 'runner', '/v1/runner/a%2F%3Fb'],
	[getManagedRunner, 'managed runner', '/v1/managed-runner/a%2F%3Fb'],
])('one of them is read at its path: %p, a %s', async (get, noun, path) => {
	const id = 'a/?b';
	expect(await read(async (context) => await get(context, { id }))).toEqual({ id: '1' });
	expect(api.requests).toMatchObject([{ method: 'GET', url: path }]);
	expect(get.noun).toBe(noun);
});

describe('a list', () => {
	it('reads a page of a hundred, or of as many as asked for', async () => {
		api.always(page(0, 2));
		const pageOf = async (query: { page: number; per_page?: number }) =>
			await read(async (context) => await listWorkflows(context, query));
		expect(await pageOf({ page: 3 })).toEqual([{ id: 'w0' }, { id: 'w1' }]);
		await pageOf({ page: 1, per_page: 5 });
		expect(api.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
		expect(urls()).toEqual(['/v1/workflow?per_page=100&page=3', '/v1/workflow?per_page=5&page=1']);
	});

	it.each([{}, { workflows: 5 }, { workflows: [{}] }, { runners: [] }, [], 'x', null, 5])(
		'fails when the answer is %j',
		async (body) => {
			api.always(ok(body));
			const reading = read(async (context) => await listWorkflows(context, { page: 1 }));
			await expect(reading).rejects.toThrow("ComfyControl's answer can't be read");
		},
	);
});

describe('getMany', () => {
	const warnings: string[] = [];
	beforeEach(() => void (warnings.length = 0));
	const logged = (context: ApiContext): ApiContext => {
		const warn = (text: string) => void warnings.push(text);
		return Object.create(context, { logger: { value: { ...context.logger, warn } } });
	};
	const many = async (limit: number) => {
		const found = await read(
			async (context) => await getMany(logged(context), listWorkflows, limit, { a: 1 }),
		);
		return found.map(({ id }) => id);
	};

	it('reads pages until there are as many as wanted', async () => {
		api.next(page(0, 100), page(100, 100));
		const found = await many(150);
		expect([found.length, found[0], found[149]]).toEqual([150, 'w0', 'w149']);
		expect(urls()).toEqual([
			'/v1/workflow?per_page=100&a=1&page=1',
			'/v1/workflow?per_page=100&a=1&page=2',
		]);
	});

	it('ends with a page that is not full', async () => {
		api.next(page(0, 100), page(100, 99));
		expect(await many(Infinity)).toHaveLength(199);
		expect(api.requests).toHaveLength(2);
	});

	it('has each once, though others push the pages on meanwhile', async () => {
		api.next(page(0, 100), page(60, 100), page(160, 1));
		const found = await many(Infinity);
		expect(found).toHaveLength(161);
		expect(new Set(found).size).toBe(161);
	});

	it('ends when a page has nothing new, as of an API that does not know pages', async () => {
		api.always(page(0, 100));
		expect(await many(Infinity)).toHaveLength(100);
		expect(api.requests).toHaveLength(2);
		expect(warnings).toEqual([
			expect.stringContaining(
				'page 2 of the list of workflows repeats those before it. What comes after it is not read.',
			),
		]);
	});

	it('ends some day with a list that has no end', async () => {
		let next = 0;
		const endless = Object.assign(
			async () => Array.from({ length: 100 }, () => ({ id: `w${next++}` })),
			listWorkflows,
		);
		const found = await read(async (context) => await getMany(logged(context), endless, Infinity));
		expect(found).toHaveLength(100_000);
		expect(warnings).toEqual([expect.stringContaining('goes on after 1000 pages')]);
	});

	it('reads nothing when none are wanted', async () => {
		expect(await many(0)).toEqual([]);
		expect(api.requests).toEqual([]);
	});
});

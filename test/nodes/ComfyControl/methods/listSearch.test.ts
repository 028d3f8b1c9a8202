import * as listSearch from '../../../../nodes/ComfyControl/methods/listSearch';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { editorContext } from '../../../support/engine';
import { clock } from '../../../support/clock';

const SEEDS = 5;

async function listOf(
	sandbox: Sandbox,
	filter?: string,
	paginationToken?: string,
	apiToken = sandbox.token,
) {
	const credentials = { apiToken, baseUrl: sandbox.apiUrl };
	return await listSearch.searchWorkflows.call(
		editorContext({ parameters: {}, credentials }),
		filter,
		paginationToken,
	);
}

describe('the list of workflows', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ clock, history: 300 });
	});
	afterEach(() => sandbox.reset());
	afterAll(async () => await sandbox.stop());

	it('shows all of them, a hundred at a time', async () => {
		const ids = new Set<unknown>();
		const pages: number[] = [];
		let token: string | undefined;
		do {
			const { results, paginationToken } = await listOf(sandbox, undefined, token);
			for (const { value } of results) ids.add(value);
			pages.push(results.length);
			token = paginationToken;
		} while (token !== undefined);
		expect(pages).toEqual([100, 100, 100, SEEDS]);
		expect(ids.size).toBe(300 + SEEDS);
	});

	it('begins with the newest that has completed, and says how each stands', async () => {
		const { results } = await listOf(sandbox);
		expect(results[0]).toEqual({
			name: expect.stringMatching(/^Text to Image Generation \(completed, \d+ years? ago\)$/),
			value: sandbox.seeds.textToImage,
		});
		const states = results.map(({ name }) => /\((\w+), /.exec(name)?.[1]);
		const firstOther = states.findIndex((state) => state !== 'completed');
		expect(firstOther).toBeGreaterThan(1);
		expect(states.slice(firstOther)).not.toContain('completed');
	});

	it.each([
		['name', 'POEM', 'textOnly'],
		['tag', 'wallpaper', 'noParameters'],
		['part of the id', '2a9d8b63', 'imageToImage'],
	] as const)('finds by %s', async (_, text, seed) => {
		const { results } = await listOf(sandbox, text);
		expect(results.map(({ value }) => value)).toContain(sandbox.seeds[seed]);
		expect(results.length).toBeLessThan(300);
	});

	it('finds a whole id, or an address that contains it, with one request', async () => {
		const { video } = sandbox.seeds;
		const { results } = await listOf(sandbox, `https://comfycontrol.app/workflow/${video}`);
		expect(results.map(({ value }) => value)).toEqual([video]);
		expect(sandbox.requests).toHaveLength(1);
	});

	it('finds nothing where there is nothing', async () => {
		expect(await listOf(sandbox, 'no such workflow')).toEqual({ results: [] });
	});

	it('shows why it can’t be read, rather than an empty list', async () => {
		await expect(listOf(sandbox, '', undefined, 'cfc_wrong')).rejects.toThrow(
			/^ComfyControl refused the API token/,
		);
		const closed = { ...sandbox, apiUrl: 'http://127.0.0.1:1' };
		await expect(listOf(closed)).rejects.toThrow("ComfyControl can't be reached (ECONNREFUSED)");
	});
});

it('searches so far and no further, and says so', async () => {
	const sandbox = await startSandbox({ clock, history: 600 });
	try {
		const { results, paginationToken } = await listOf(sandbox, 'no such workflow');
		expect(results).toEqual([{ name: 'Only the newest 500 were searched. Use By ID.', value: '' }]);
		expect(paginationToken).toBeUndefined();
		expect(sandbox.requests).toHaveLength(5);
	} finally {
		await sandbox.stop();
	}
});

it.each([
	['searchWorkflows', 'workflow'],
	['searchTemplates', 'template'],
	['searchRunners', 'runner'],
	['searchManagedRunners', 'managed-runner'],
] as const)('%s lists what is at /v1/%s', async (method, path) => {
	const sandbox = await startSandbox({ clock });
	try {
		const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
		const context = editorContext({ parameters: {}, credentials });
		const { results } = await listSearch[method].call(context);
		const headers = { authorization: `Bearer ${sandbox.token}` };
		const answer = await fetch(`${sandbox.apiUrl}/v1/${path}?per_page=100`, { headers });
		const ids = (await answer.text()).match(/(?<="id":")[^"]*/g) ?? [];
		expect(results.length).toBeGreaterThan(0);
		expect(ids).toEqual(expect.arrayContaining(results.map(({ value }) => value)));
	} finally {
		await sandbox.stop();
	}
});

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

async function listBy(
	method: 'searchWorkflowsPendingFirst' | 'searchWorkflowsCompletedFirst' | 'searchWorkflows',
	{ apiUrl: baseUrl, token: apiToken }: Sandbox,
	filter?: string,
) {
	const context = editorContext({ parameters: {}, credentials: { apiToken, baseUrl } });
	return await listSearch[method].call(context, filter);
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

	it('begins with the newest that has completed, in the words that the node keeps', async () => {
		const { results } = await listOf(sandbox);
		expect(results[0]).toEqual({
			name: expect.stringMatching(
				/^Text to Image Generation \(2024-01-15 \d\d:30, a1b2c3d4\) #production #text2img$/,
			),
			value: sandbox.seeds.textToImage,
		});
		const statusOf = new Map(sandbox.workflows.map(({ id, status }) => [id, status]));
		const states = results.map(({ value }) => statusOf.get(String(value)));
		const firstOther = states.findIndex((state) => state !== 'completed');
		expect(firstOther).toBeGreaterThan(1);
		expect(states.slice(firstOther)).not.toContain('completed');
	});

	it.each([
		['name', 'POEM', 'textOnly'],
		['words in any order', 'picture poem', 'textOnly'],
		['name, tag and state', 'completed video production', 'video'],
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

it.each([
	['searchWorkflowsPendingFirst', ['queued', 'running', 'done', 'failed', 'older']],
	['searchWorkflowsCompletedFirst', ['done', 'older', 'failed', 'queued', 'running']],
	['searchWorkflows', ['done']],
] as const)('%s begins with what it is for', async (method, expected) => {
	const sandbox = await startSandbox({ clock });
	try {
		const run = (id: string, status: string) => ({ id, status, name: 'Poem' });
		const workflows = [
			run('done', 'completed'),
			run('failed', 'failed'),
			run('queued', 'queued'),
			run('running', 'running'),
			run('older', 'completed'),
		];
		for (const filter of ['', ' Poem ']) {
			sandbox.failNext({ on: {}, kind: 'http', status: 200, body: { workflows } });
			const { results } = await listBy(method, sandbox, filter);
			const isOneOfEach = method === 'searchWorkflows' && filter === '';
			const values = results.map(({ value }) => value);
			expect(values.slice(0, expected.length)).toEqual(expected);
			expect(values).toHaveLength(isOneOfEach ? 1 : workflows.length);
		}
	} finally {
		await sandbox.stop();
	}
});

it('looks so far for kinds and no further, and says so', async () => {
	const sandbox = await startSandbox({ clock });
	try {
		for (let page = 0; page < 6; page++) {
			const workflows = Array.from({ length: 100 }, (_, index) => ({
				id: `${page}-${index}`,
				name: 'Poem',
			}));
			sandbox.failNext({ on: {}, kind: 'http', status: 200, body: { workflows } });
		}
		const { results, paginationToken } = await listBy('searchWorkflows', sandbox);
		expect(results).toEqual([
			{ name: 'Poem (0-0)', value: '0-0' },
			{ name: 'Only the newest 500 were searched. Use By ID.', value: '' },
		]);
		expect(paginationToken).toBeUndefined();
		expect(sandbox.requests).toHaveLength(5);
	} finally {
		await sandbox.stop();
	}
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

/** Runs a workflow of the sandbox so many times. */
async function runs(sandbox: Sandbox, count: number): Promise<string[]> {
	const url = `${sandbox.apiUrl}/v1/workflow/${sandbox.seeds.textToImage}/rerun`;
	const headers = { authorization: `Bearer ${sandbox.token}` };
	for (let run = 0; run < count; run++) {
		await fetch(url, { method: 'POST', headers, body: new FormData() });
	}
	return sandbox.workflows.filter(({ rerunOf }) => rerunOf !== null).map(({ id }) => id);
}

describe('many runs of one workflow', () => {
	let sandbox: Sandbox;
	let ids: string[];
	beforeAll(async () => {
		sandbox = await startSandbox({ clock, rateLimit: false });
		ids = await runs(sandbox, 300);
		await clock.pause(60_000);
	});
	afterAll(async () => await sandbox.stop());
	beforeEach(() => void (sandbox.requests.length = 0));

	it('are one entry, with the others beside it on the first page', async () => {
		const { results, paginationToken } = await listOf(sandbox);
		const names = results.map(({ name }) => name.replace(/ [#(].*/, ''));
		expect(names).toEqual([
			'Text to Image Generation',
			'Image to Image',
			'Video with four choices',
			'Poem to Picture',
			'No Parameters',
		]);
		expect(paginationToken).toBeUndefined();
		expect(sandbox.requests).toHaveLength(4);
		expect(results[0].value).toBe(ids.at(-1));
	});

	it('are all found by a search', async () => {
		const { results } = await listOf(sandbox, 'image generation');
		expect(results.map(({ value }) => value).sort()).toEqual(
			[...ids, sandbox.seeds.textToImage].sort(),
		);
	});

	it('are one name to pick for the trigger', async () => {
		const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
		const context = () => editorContext({ parameters: {}, credentials });
		const { results } = await listSearch.searchWorkflowNames.call(context());
		expect(results).toHaveLength(5);
		expect(results[0]).toEqual({
			name: 'Text to Image Generation',
			value: 'Text to Image Generation',
		});
		const found = await listSearch.searchWorkflowNames.call(context(), ' image to ');
		expect(found.results.map(({ value }) => value)).toEqual([
			'Text to Image Generation',
			'Image to Image',
		]);
	});
});

it('shows each kind once, however far the list is scrolled', async () => {
	const sandbox = await startSandbox({ clock, history: 150 });
	try {
		const { results, paginationToken } = await listOf(sandbox);
		await runs(sandbox, 100);
		const next = await listOf(sandbox, undefined, paginationToken);
		const values = [...results, ...next.results].map(({ value }) => value);
		expect(new Set(values).size).toBe(values.length);
		expect(values).toHaveLength(150 + SEEDS);
	} finally {
		await sandbox.stop();
	}
});

describe('a list that ignores pages', () => {
	it.each([
		['workflows', 'searchWorkflows', ''],
		['workflows, searched', 'searchWorkflows', 'batch'],
		['names', 'searchWorkflowNames', ''],
	] as const)('has an end: %s', async (_what, method, filter) => {
		const sandbox = await startSandbox({ clock, history: 200, switches: { pages: 'ignored' } });
		try {
			const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
			const search = listSearch[method];
			const context = () => editorContext({ parameters: {}, credentials });
			const first = await search.call(context(), filter);
			const { results, paginationToken } = await search.call(
				context(),
				filter,
				first.paginationToken,
			);
			if (first.paginationToken !== undefined) expect(results).toEqual([]);
			expect(paginationToken).toBeUndefined();
			expect(sandbox.requests.length).toBeLessThanOrEqual(4);
		} finally {
			await sandbox.stop();
		}
	});
});

it('shows no name as an expression, whatever it begins with', async () => {
	const sandbox = await startSandbox({ clock });
	try {
		const workflows = [
			{ id: 'w1', name: '={{ $env.HOME }}' },
			{ id: 'w2', name: ' ' },
			{ id: 'w3' },
		];
		sandbox.failNext({ on: {}, kind: 'http', status: 200, body: { workflows } });
		const credentials = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
		const { results } = await listSearch.searchWorkflowNames.call(
			editorContext({ parameters: {}, credentials }),
		);
		expect(results).toEqual([
			{ name: '={{ $env.HOME }}', value: expect.stringMatching(/^={{ "=\\u007b/) },
		]);
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

import fc from 'fast-check';

import { StatusPoller, type Snapshot } from '../../../../nodes/ComfyControl/batch/statusPoller';
import { startSandbox, user, type Sandbox } from '../../../sandbox';
import { clock } from '../../../support/clock';
import { asNode } from '../../../support/asNode';

const HISTORY = 400;

let sandbox: Sandbox;
/** The ids of all workflows, the newest first as in the list. */
let ids: string[];

beforeAll(async () => {
	sandbox = await startSandbox({ clock, rateLimit: false, history: HISTORY });
	ids = sandbox.workflows
		.filter(({ userId }) => userId === user.id)
		.map(({ id }) => id)
		.reverse();
});
// A reset would plant the whole history again.
afterEach(() => void (sandbox.requests.length = 0));
afterAll(async () => await sandbox.stop());

async function withStatusPoller<Result>(
	work: (look: (wanted: string[]) => Promise<Map<string, Snapshot>>) => Promise<Result>,
	apiToken = sandbox.token,
): Promise<Result> {
	return await asNode({ apiToken, baseUrl: sandbox.apiUrl }, async (context) => {
		const poller = new StatusPoller(context);
		// Reads are not tried again here: the time for it is up.
		const options = () => ({ itemIndex: 0, untilMs: clock.nowMs() });
		return await work(async (wanted) => await poller.poll(wanted, options()));
	});
}

/** What was asked for: pages of the list by their numbers, single workflows by their ids. */
function asked(): string[] {
	return sandbox.requests.map(({ path, query }) => query.page ?? path.replace(/.*\//, ''));
}

async function startAnother(): Promise<void> {
	const response = await fetch(`${sandbox.apiUrl}/v1/workflow/${sandbox.seeds.textToImage}/rerun`, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.token}` },
		body: new FormData(),
	});
	expect(response.ok).toBe(true);
}

describe('a look', () => {
	it('at a single workflow reads it alone, with its details', async () => {
		const [id] = ids;
		await withStatusPoller(async (look) => {
			expect((await look([id])).get(id)).toMatchObject({
				workflow: { id, status: 'completed', workflow_json: {} },
			});
		});
		expect(asked()).toEqual([id]);
	});

	it('at several is one at the list of the newest', async () => {
		const wanted = [ids[5], ids[99]];
		const seen = await withStatusPoller(async (look) => await look(wanted));
		for (const id of wanted) expect(seen.get(id)).toMatchObject({ workflow: { id } });
		expect(asked()).toEqual(['1']);
	});

	it('at more than a page shows is at all of their pages', async () => {
		const wanted = ids.slice(0, 250).reverse();
		const seen = await withStatusPoller(async (look) => await look(wanted));
		expect(wanted.filter((id) => !seen.has(id))).toEqual([]);
		expect(asked().sort()).toEqual(['1', '2', '3']);
	});

	it('goes by where they were seen last, however few are left', async () => {
		const last = ids.slice(240, 250);
		await withStatusPoller(async (look) => {
			await look(ids.slice(0, 250).reverse());
			sandbox.requests.length = 0;
			expect([...(await look(last)).keys()].sort()).toEqual([...last].sort());
		});
		expect(asked()).toEqual(['3']);
	});

	it('finds a few that are not on the next pages by themselves, every time', async () => {
		const old = ids.slice(-2);
		const wanted = [...old, ids[0]];
		await withStatusPoller(async (look) => {
			for (let i = 0; i < 2; i++) expect((await look(wanted)).size).toBe(3);
		});
		expect(asked().sort()).toEqual(['1', '2', '3', ...old, '1', ...old].sort());
	});

	it('does not go on with one by itself that is no longer wanted', async () => {
		const [finished, old] = ids.slice(-2);
		await withStatusPoller(async (look) => {
			await look([finished, old, ids[0]]);
			sandbox.requests.length = 0;
			await look([old, ids[0]]);
		});
		expect(asked()).toEqual(['1', old]);
	});

	it('looks for many on ever further pages, and remembers where they are', async () => {
		const old = ids.slice(-HISTORY / 2 - 20, -HISTORY / 2);
		await withStatusPoller(async (look) => {
			expect((await look(old)).size).toBe(old.length);
			const pages = asked().map(Number);
			expect(pages).toEqual(pages.map((_, index) => index + 1));
			sandbox.requests.length = 0;
			expect((await look(old)).size).toBe(old.length);
			expect(pages).toEqual(expect.arrayContaining(asked().map(Number)));
		});
		expect(asked().length).toBeLessThanOrEqual(2);
	});

	it('follows those that others’ workflows move on to the next page', async () => {
		const wanted = [ids[99], ids[98]];
		await withStatusPoller(async (look) => {
			await look(wanted);
			await startAnother();
			sandbox.requests.length = 0;
			for (let i = 0; i < 2; i++) expect((await look(wanted)).size).toBe(2);
		});
		expect(asked().sort()).toEqual(['1', '1', '2', '2']);
	});

	it('sees each workflow the first time, wherever it is', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.shuffledSubarray(ids, { minLength: 2, maxLength: 300 }),
				async (wanted) => {
					const seen = await withStatusPoller(async (look) => await look(wanted));
					expect(wanted.filter((id) => !seen.has(id))).toEqual([]);
				},
			),
			{ numRuns: 15 },
		);
	});
});

describe('what can’t be read', () => {
	it.each(['http', 'resetBefore', 'truncatedBody', 'invalidJson'] as const)(
		'shows nothing while it may pass: %s',
		async (kind) => {
			await withStatusPoller(async (look) => {
				sandbox.failNext({ on: {}, kind, times: 2 });
				expect(await look(ids.slice(0, 2))).toEqual(new Map());
				expect(await look([ids[0]])).toEqual(new Map());
				expect((await look([ids[0]])).has(ids[0])).toBe(true);
			});
			expect(sandbox.requests).toHaveLength(3);
		},
	);

	it('shows for all when it lasts', async () => {
		const wanted = ids.slice(0, 3);
		const seen = await withStatusPoller(async (look) => await look(wanted), 'cfc_wrong');
		const fault = { message: expect.stringContaining('refused the API token'), httpCode: '401' };
		expect([...seen]).toMatchObject(wanted.map((id) => [id, { fault }]));
	});

	it('shows for the one that is not there', async () => {
		const id = '00000000-0000-4000-8000-000000000000';
		const seen = await withStatusPoller(async (look) => await look([id]));
		expect(seen.get(id)).toMatchObject({ fault: { httpCode: '404' } });
	});
});

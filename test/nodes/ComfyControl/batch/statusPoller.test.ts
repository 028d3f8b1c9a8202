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
		const poller = new StatusPoller(context, 0);
		// Reads are not tried again here: the time for it is up.
		return await work(async (wanted) => await poller.poll(wanted, clock.nowMs()));
	});
}

/** What was asked for: pages of the list by their numbers, single workflows by their ids. */
function asked(): string[] {
	return sandbox.requests.map(({ path, query }) => query.page ?? path.replace(/.*\//, ''));
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

	it('at more than a page shows is at one page each time, that of the oldest first', async () => {
		const wanted = ids.slice(0, 250);
		await withStatusPoller(async (look) => {
			const pages = [await look(wanted), await look(wanted), await look(wanted)];
			expect(pages.map((seen) => wanted.findIndex((id) => seen.has(id)))).toEqual([200, 100, 0]);
			const all = new Set(pages.flatMap((seen) => [...seen.keys()]));
			expect(wanted.filter((id) => !all.has(id))).toEqual([]);
		});
		expect(asked()).toEqual(['3', '2', '1']);
	});

	it('finds a few that are not in the list by themselves, in turn with the list', async () => {
		const old = ids.slice(-2);
		const wanted = [ids[0], ...old];
		await withStatusPoller(async (look) => {
			for (let i = 0; i < 4; i++) await look(wanted);
		});
		expect(asked()).toEqual(['1', '1', ...old]);
	});

	it('does not go on with one by itself that is no longer wanted', async () => {
		const [finished, old] = ids.slice(-2);
		await withStatusPoller(async (look) => {
			for (let i = 0; i < 2; i++) await look([ids[0], finished, old]);
			await look([ids[0], old]);
		});
		expect(asked()).toEqual(['1', '1', old]);
	});

	it('looks for many on two further pages first, before it looks at them by themselves', async () => {
		const old = ids.slice(-12);
		await withStatusPoller(async (look) => {
			for (let i = 0; i < 10; i++) await look(old);
		});
		expect(asked()).toEqual(['1', '2', '1', '3', '2', '1', '3', '2', '1', old[0]]);
	});

	it('sees each workflow before long, wherever it is', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.shuffledSubarray(ids, { minLength: 2, maxLength: 15 }),
				async (wanted) => {
					const looks = await withStatusPoller(async (look) => {
						let unseen = wanted;
						let count = 0;
						while (unseen.length > 0 && count < 100) {
							const seen = await look(unseen);
							unseen = unseen.filter((id) => !seen.has(id));
							count++;
						}
						return count;
					});
					// The newest page, then one more, then two more, and at last those by themselves.
					expect(looks).toBeLessThanOrEqual(1 + 2 + 3 + 3 + wanted.length);
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

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import {
	defaultSwitches,
	expiredToken,
	startSandbox,
	type Sandbox,
	type SandboxOptions,
} from '../sandbox';
import { seedIds } from '../sandbox/seeds';
import { runNode, type EngineResult, type EngineRun } from './engine';
import { clock } from './clock';

export const SEEDS = seedIds(defaultSwitches);
export const MISSING_ID = '00000000-0000-4000-8000-000000000000';
export const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

// Nobody looks at the pictures, and painting one takes as long as all requests for it.
const SETUP: SandboxOptions = { clock, rateLimit: false, pictures: 'plain' };

type Options = Partial<EngineRun>;

/** A sandbox for the tests of a file, and the node in n8n's engine that works with it. */
export interface Stage {
	/** Back to its seeds after each test. */
	readonly sandbox: Sandbox;
	run(parameters: INodeParameters, options?: Options): Promise<EngineResult>;
}

/** Sets up a stage for the tests of a file, which has to make the node's time fast. */
export function stage(options: SandboxOptions = {}): Stage {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ ...SETUP, ...options });
	});
	afterEach(() => sandbox.reset());
	afterAll(async () => await sandbox.stop());
	return {
		get sandbox() {
			return sandbox;
		},
		run: async (parameters, more) => await runWith(sandbox, parameters, more),
	};
}

/** Runs the node with a sandbox of its own, which can still be looked at when it has stopped. */
export async function runApart(
	options: SandboxOptions,
	parameters: INodeParameters,
	more?: Options,
): Promise<EngineResult & { sandbox: Sandbox }> {
	const sandbox = await startSandbox({ ...SETUP, ...options });
	try {
		return { ...(await runWith(sandbox, parameters, more)), sandbox };
	} finally {
		await sandbox.stop();
	}
}

export async function runWith(
	sandbox: Sandbox,
	parameters: INodeParameters,
	more: Options = {},
): Promise<EngineResult> {
	return await runNode({
		parameters,
		items: [{ json: {} }],
		credentials: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		...more,
	});
}

/** A resource locator as it is saved when an ID is entered. */
export function byId(value: string): INodeParameters {
	return { __rl: true, mode: 'id', value };
}

/** Items with these fields. */
export function rows(...jsons: INodeExecutionData['json'][]): INodeExecutionData[] {
	return jsons.map((json) => ({ json }));
}

/** What ComfyControl answers when it refuses. */
export function refusal(status: number, message: string) {
	return { kind: 'http' as const, status, body: { status, message } };
}

/** Adds the tests of what any operation says of a bad token, and of trouble at ComfyControl. */
export function itExplainsCommonErrors(
	at: Stage,
	parameters: INodeParameters,
	method: 'GET' | 'POST' | 'PUT',
): void {
	it.each([
		['wrong', 'cfc_wrong_example', 'Invalid token'],
		['expired', expiredToken, 'Token has expired'],
	])('explains a token that is %s (401)', async (_what, apiToken, sentence) => {
		const credentials = { apiToken, baseUrl: at.sandbox.apiUrl };
		const { error } = await at.run(parameters, { credentials });
		expect(error).toMatchObject({
			httpCode: '401',
			message: `ComfyControl refused the API token: ${sentence}`,
			description: expect.stringContaining('Account Settings > API Tokens'),
			context: { itemIndex: 0 },
		});
		expect(JSON.stringify(error)).not.toContain(apiToken);
		expect(at.sandbox.requests).toHaveLength(1);
	});

	if (method === 'GET') {
		it('reads again after trouble at ComfyControl (500)', async () => {
			at.sandbox.failNext({ on: { method }, ...refusal(500, 'internal server error'), times: 2 });
			const { run } = await at.run(parameters);
			expect(run.status).toBe('success');
			expect(at.sandbox.requests.map(({ status }) => status).slice(0, 3)).toEqual([500, 500, 200]);
		});
		return;
	}
	it.each([
		['trouble at ComfyControl (500)', refusal(500, 'internal server error')],
		['an answer that got lost', { kind: 'resetAfter' as const }],
	])('sends nothing again after %s, and says so', async (_what, fault) => {
		at.sandbox.failNext({ on: { method }, ...fault });
		const { error } = await at.run(parameters);
		expect(error.description).toMatch(
			/^(It may have been done|The workflow may have been started) all the same.*[Tt]ry again/,
		);
		expect(sentBy(at.sandbox, method)).toHaveLength(1);
	});
}

/** Adds the tests of what an operation says of an ID that is none of the user's. */
export function itExplainsWrongIds(
	at: Stage,
	parametersOf: (id: string) => INodeParameters,
	noun: string,
	othersId?: string,
): void {
	const unavailable = [['unknown', MISSING_ID]];
	if (othersId !== undefined) {
		unavailable.push(['somebody else’s', othersId]);
		it('explains an ID that is somebody else’s (403)', async () => {
			const switches = { othersStatus: 403 } as const;
			const { error } = await runApart({ switches }, parametersOf(othersId));
			expect(error).toMatchObject({
				httpCode: '403',
				message: 'Insufficient permissions',
				description: expect.stringContaining('belongs to another account'),
			});
		});
	}

	it.each(unavailable)('explains an ID that is %s (404)', async (_what, id) => {
		const { error } = await at.run(parametersOf(id));
		expect(error).toMatchObject({
			httpCode: '404',
			message: `ComfyControl has no ${noun} ${id}`,
			description: expect.stringContaining('belong to another account. Check the ID'),
		});
	});

	it('explains an ID that is no UUID (400)', async () => {
		const { error } = await at.run(parametersOf('t1e2m3p4-l5a6-7890-abcd-ef1234567890'));
		expect(error).toMatchObject({
			httpCode: '400',
			message: 'Invalid UUID format',
			description: expect.stringMatching(`^Copy the ID of the ${noun} from ComfyControl\\.`),
		});
	});

	it.each([
		['nothing', '={{ $json.nothing }}'],
		['spaces', '={{ " " }}'],
	])('sends nothing when the ID is %s', async (_what, id) => {
		const { error } = await at.run(parametersOf(id));
		expect(error.message).toBe(`No ${noun} is given`);
		expect(error.context.itemIndex).toBe(0);
		expect(at.sandbox.requests).toEqual([]);
	});
}

/** Adds the tests of an operation that reads a list. */
export function itReadsAList(
	at: Stage,
	parameters: INodeParameters,
	{ path, listKey }: { path: string; listKey: string },
): void {
	const entries = (first: number, last: number) =>
		Array.from({ length: last - first + 1 }, (_, i) => ({ id: `entry-${first + i}` }));
	const answerWith = (first: number, last: number) => {
		const body = { [listKey]: entries(first, last), total: 219 };
		at.sandbox.failNext({ on: { path: new RegExp(`${path}$`) }, kind: 'http', status: 200, body });
	};

	it('reads page after page with Return All, and takes each entry once', async () => {
		answerWith(1, 100);
		// One was added meanwhile.
		answerWith(100, 199);
		answerWith(200, 219);
		const { outputs } = await at.run({ ...parameters, returnAll: true });
		expect(outputs[0].map(({ json }) => ({ id: json.id }))).toEqual(entries(1, 219));
		expect(at.sandbox.requests.map(({ query }) => query)).toEqual(
			['1', '2', '3'].map((page) => ({ page, per_page: '100' })),
		);
	});

	it.each([
		['50 without a Limit', {}, 50, 1],
		['as many as the Limit', { limit: 3 }, 3, 1],
		['a whole page', { limit: 100 }, 100, 1],
		['more than a page', { limit: 150 }, 150, 2],
	])('reads %s', async (_what, limit, count, requests) => {
		answerWith(1, 100);
		answerWith(101, 200);
		const { outputs } = await at.run({ ...parameters, ...limit });
		expect(outputs[0].map(({ json }) => ({ id: json.id }))).toEqual(entries(1, count));
		expect(at.sandbox.requests).toHaveLength(requests);
	});

	it('gives no items for an empty list', async () => {
		answerWith(1, 0);
		const { outputs, run } = await at.run(parameters);
		expect([run.status, outputs[0] ?? []]).toEqual(['success', []]);
	});

	it('does not read again what is another list', async () => {
		const body = { [listKey]: [{}] };
		at.sandbox.failNext({ on: {}, kind: 'http', status: 200, body, times: 9 });
		const { error } = await at.run(parameters);
		expect(error.message).toContain("can't be read");
		expect(at.sandbox.requests).toHaveLength(1);
	});

	it('reads again what is cut off', async () => {
		at.sandbox.failNext({ on: {}, kind: 'invalidJson' });
		answerWith(1, 2);
		const { outputs } = await at.run(parameters);
		expect(outputs[0].map(({ json }) => json)).toEqual(entries(1, 2));
		expect(at.sandbox.requests).toHaveLength(2);
	});
}

/** Adds the tests of an operation that works item by item: of the links between items, and of failures. */
export function itWorksItemByItem(at: Stage, parameters: INodeParameters, method: string): void {
	it('links results to their items, and goes on after one that failed', async () => {
		at.sandbox.failNext({ on: { method }, ...refusal(403, 'limit reached'), after: 1 });
		const { outputs } = await at.run(parameters, {
			items: rows({ row: 0 }, { row: 1 }, { row: 2 }),
			settings: ERROR_OUTPUT,
		});
		const linked = new Set(outputs[0].map(({ pairedItem }) => JSON.stringify(pairedItem)));
		expect([...linked]).toEqual(['{"item":0}', '{"item":2}']);
		expect(outputs[1]).toMatchObject([
			{
				json: {
					row: 1,
					error: {
						message: 'Limit reached',
						description: expect.stringContaining('limit of your ComfyControl plan'),
					},
				},
				pairedItem: { item: 1 },
			},
		]);
	});
}

/** The requests of a method. */
export function sentBy(sandbox: Sandbox, method: string) {
	return sandbox.requests.filter((request) => request.method === method);
}

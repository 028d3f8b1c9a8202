/* eslint-disable @n8n/community-nodes/no-restricted-globals, no-console -- drives a real n8n on the developer's machine, never part of the node */
import { at } from '../support/guards';
import type { N8nExecution } from '../e2e/n8nExecution';
import type { N8nProcess } from '../e2e/n8nProcess';
import type { N8nServer } from '../e2e/n8nServer';
import { waitFor } from '../support/processes';
import { setStage, startedPrompts, type Stage } from '../e2e/stage';
import {
	chain,
	RERUN_NODE,
	rerunNode,
	splitNode,
	webhookNode,
	type N8nWorkflow,
} from '../e2e/workflows';
import { startRedis, type Redis } from './redis';

const WORKFLOW = 'queueMode00000001';
const WEBHOOK_PATH = 'pictures';
const WEBHOOK_ID = '0f5a3c1e-7b1d-4e0a-9a51-5d2f6a8c9b10';
const EXECUTIONS = 4;
const PROMPTS_EACH = 10;
const WORKERS = 2;
const WEBHOOK_TIMEOUT_MS = 20_000;
const END_TIMEOUT_MS = 300_000;

let redis: Redis;
let stage: Stage;
let server: N8nServer;
const workers: N8nProcess[] = [];

beforeAll(async () => {
	redis = await startRedis();
	stage = await setStage(
		({ seeds: { textToImage } }) => [webhookWorkflow(textToImage)],
		{ durationsMs: { running: 3_000 } },
		{ env: queueSettings(redis.port) },
	);
	server = await stage.n8n.start();
	for (let count = 0; count < WORKERS; count++) workers.push(await stage.n8n.startWorker());
	await server.owner.activate(WORKFLOW);
});

afterAll(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	await server?.stop();
	await stage?.clear();
	await redis?.stop();
});

/** n8n's settings for queue mode. Where PostgreSQL is comes from pg_virtualenv. */
function queueSettings(redisPort: number): Record<string, string> {
	const { PGHOST = '', PGPORT = '', PGUSER = '', PGPASSWORD = '', PGDATABASE = '' } = process.env;
	return {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: PGHOST,
		DB_POSTGRESDB_PORT: PGPORT,
		DB_POSTGRESDB_USER: PGUSER,
		DB_POSTGRESDB_PASSWORD: PGPASSWORD,
		DB_POSTGRESDB_DATABASE: PGDATABASE,
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		N8N_ENCRYPTION_KEY: 'the same for all processes',
	};
}

/** A rerun for each prompt that a request brings, with its files. */
function webhookWorkflow(originalId: string): N8nWorkflow {
	const webhook = webhookNode(WEBHOOK_PATH, WEBHOOK_ID, 'onReceived');
	const rerun = rerunNode({ originalId, text: '', sampler: '' });
	const parameters = {
		...rerun.parameters,
		parameters: { text: [{ name: 'prompt', value: '={{ $json.prompts }}' }] },
		waitForCompletion: true,
	};
	return chain(WORKFLOW, 'Pictures from a queue', [
		webhook,
		splitNode('body.prompts'),
		{ ...rerun, parameters },
	]);
}

async function send(prompts: string[]): Promise<void> {
	const attempt = async () => {
		const { status } = await fetch(`${server.baseUrl}/webhook/${WEBHOOK_PATH}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ prompts }),
		});
		// In queue mode a workflow is active some moments after n8n says so; until then nothing is started.
		return status === 404 ? undefined : status;
	};
	expect(await waitFor('active webhook', attempt, WEBHOOK_TIMEOUT_MS)).toBe(200);
}

async function ended(count: number): Promise<N8nExecution[]> {
	const attempt = async () => {
		const executions = await server.owner.executions(WORKFLOW);
		return executions.length === count ? executions : undefined;
	};
	return await waitFor(`end of ${count} executions`, attempt, END_TIMEOUT_MS, 1_000);
}

/** How many executions each worker has taken. */
function takenBy(): number[] {
	return workers.map(({ log }) => log.split('Worker started execution').length - 1);
}

it.each([1, 2])('loses and repeats nothing with two workers, round %i', async (round) => {
	stage.sandbox.reset();
	const takenBefore = takenBy();
	const prompts = Array.from({ length: EXECUTIONS }, (_execution, execution) =>
		Array.from({ length: PROMPTS_EACH }, (_item, item) => `round ${round}: ${execution}.${item}`),
	);
	const startMs = Date.now();

	await Promise.all(prompts.map(send));
	const executions = (await ended(EXECUTIONS * round)).slice(0, EXECUTIONS);

	const items = executions.flatMap((execution) => execution.items(RERUN_NODE));
	const { requests, downloads } = stage.sandbox;
	const refused = requests.filter(({ status }) => status === 429).length;
	const taken = takenBy().map((count, index) => count - takenBefore[index]);
	const seconds = Math.round((Date.now() - startMs) / 1000);
	console.log(
		`Round ${round}: ${taken.join(' and ')} executions, ${seconds} s, ${requests.length} requests, ${refused} answered with 429`,
	);
	expect(executions.filter((execution) => execution.errorMessage() !== undefined)).toEqual([]);
	expect(startedPrompts(stage.sandbox).sort()).toEqual(prompts.flat().sort());
	expect(new Set(items.map(({ json }) => json.id)).size).toBe(prompts.flat().length);
	expect(downloads).toHaveLength(items.length);
	for (const { binary } of items) {
		const content = await server.owner.content(at(binary, 'data'));
		expect(content.subarray(1, 4).toString()).toBe('PNG');
	}
	expect(Math.min(...taken)).toBeGreaterThan(0);
});

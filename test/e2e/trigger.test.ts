/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- drives a real n8n on the developer's machine, never part of the node */
import { setTimeout as delay } from 'node:timers/promises';

import { Editor } from './editor';
import type { N8nServer } from './n8nServer';
import { waitFor } from '../support/processes';
import { setStage, type Stage } from './stage';
import { everyFewSeconds, finishWorkflow, rerunOnFinish } from './workflows';

const FINISHED = 'whenFinished00001';
const EVERY_MINUTE = 'everyMinute000001';
const NOT_OWN = 'rerunsOnFinish001';
const OWN_TOO = 'rerunsItsOwn00001';
// By hand, to see for longer that nothing starts by itself.
const WATCHED_MS = Number(process.env.RUNAWAY_MINUTES ?? 0) * 60_000;
const PATIENCE_MS = 60_000;

let stage: Stage;
let server: N8nServer;

beforeAll(async () => {
	stage = await setStage(({ seeds: { textOnly, noParameters } }) => [
		finishWorkflow(FINISHED, everyFewSeconds()),
		finishWorkflow(EVERY_MINUTE, [{ mode: 'everyMinute' }]),
		rerunOnFinish(NOT_OWN, everyFewSeconds(), textOnly),
		rerunOnFinish(OWN_TOO, everyFewSeconds(), noParameters, { includeOwn: true }),
	]);
	server = await stage.n8n.start();
});

afterAll(async () => {
	await server?.stop();
	await stage?.clear();
});

/** Starts a workflow at the API, as anybody may. */
async function startOne(): Promise<void> {
	const { apiUrl, token, seeds } = stage.sandbox;
	const response = await fetch(`${apiUrl}/v1/workflow/${seeds.textToImage}/rerun`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: new FormData(),
	});
	expect(response.ok).toBe(true);
}

/** Waits until an n8n workflow has had so many executions, no more, and all have ended well. */
async function untilExecuted(workflowId: string, count: number): Promise<void> {
	const isExecuted = async () => {
		const states = await server.owner.executionStates(workflowId);
		return (states.length === count && states.every((state) => state === 'success')) || undefined;
	};
	await waitFor(`${count} executions`, isExecuted, PATIENCE_MS);
}

/** Activates a workflow with a trigger and waits until that has looked: what has finished by then is past. */
async function activate(workflowId: string): Promise<void> {
	const { requests } = stage.sandbox;
	const before = requests.length;
	await server.owner.activate(workflowId);
	await waitFor('first look', async () => requests.length > before || undefined, PATIENCE_MS);
}

/** Waits until an n8n workflow has rerun the original so often, and all of these have ended. */
async function untilRerun(originalId: string, count: number): Promise<void> {
	const isRerun = async () => {
		const reruns = rerunsOf(originalId);
		const haveEnded = reruns.every(({ status }) => status === 'completed');
		return (reruns.length >= count && haveEnded) || undefined;
	};
	await waitFor(`${count} reruns`, isRerun, PATIENCE_MS);
}

function rerunsOf(originalId: string) {
	return stage.sandbox.workflows.filter(({ rerunOf }) => rerunOf === originalId);
}

it('starts an execution for each workflow that finishes, and none for those before', async () => {
	await activate(FINISHED);
	for (const count of [1, 2, 3]) {
		await startOne();
		await untilExecuted(FINISHED, count);
	}
	await server.owner.deactivate(FINISHED);
});

it(
	'does not start again for what its own n8n workflow has started',
	async () => {
		const { textOnly } = stage.sandbox.seeds;
		await activate(NOT_OWN);
		for (const count of [1, 2, 3]) {
			await startOne();
			// The look that sees this one has also seen how the rerun before it ended.
			await untilRerun(textOnly, count);
		}
		await delay(WATCHED_MS);
		await untilExecuted(NOT_OWN, 3);
		await server.owner.deactivate(NOT_OWN);

		expect(rerunsOf(textOnly)).toHaveLength(3);
	},
	4 * PATIENCE_MS + WATCHED_MS,
);

it('starts for its own too with Include Own, again and again', async () => {
	const { noParameters } = stage.sandbox.seeds;
	await activate(OWN_TOO);
	await startOne();
	await untilRerun(noParameters, 3);
	await server.owner.deactivate(OWN_TOO);
});

it('shows its panel, with a sample', async () => {
	const editor = await Editor.open(server.baseUrl);
	try {
		await editor.openWorkflow(EVERY_MINUTE);
		const panel = await editor.openNode('When a workflow finishes');
		await panel
			.getByTestId('trigger-execute-button')
			.or(panel.getByText('Fetch Test Event'))
			.first()
			.click();
		await panel
			.getByTestId('node-run-status-success')
			.or(panel.getByText('image/png').first())
			.first()
			.waitFor();
		await editor.screenshot('editor-trigger.png');
		expect(await panel.innerText()).toContain('Download Outputs');
	} finally {
		await editor.close();
	}
});

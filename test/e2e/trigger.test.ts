import { Editor } from './editor';
import type { N8nServer } from './n8nServer';
import { waitFor } from '../support/processes';
import { setStage, type Stage } from './stage';
import { everyFewSeconds, finishWorkflow } from './workflows';

const FINISHED = 'whenFinished00001';
const EVERY_MINUTE = 'everyMinute000001';

let stage: Stage;
let server: N8nServer;

beforeAll(async () => {
	stage = await setStage(() => [
		finishWorkflow(FINISHED, everyFewSeconds()),
		finishWorkflow(EVERY_MINUTE, [{ mode: 'everyMinute' }]),
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

async function untilStarted(count: number): Promise<void> {
	const isStarted = async () => {
		const states = await server.owner.executionStates(FINISHED);
		return (states.length === count && states.every((state) => state === 'success')) || undefined;
	};
	await waitFor(`${count} executions`, isStarted, 60_000);
}

it('starts an execution for each workflow that finishes, and none for those before', async () => {
	await server.owner.activate(FINISHED);
	// What has finished by the first look is past.
	const hasLooked = async () => stage.sandbox.requests.length > 0 || undefined;
	await waitFor('first look', hasLooked, 60_000);
	for (const count of [1, 2, 3]) {
		await startOne();
		await untilStarted(count);
	}
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

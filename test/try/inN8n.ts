/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command for people's terminals, never part of the node */
import path from 'node:path';
import type { Sandbox } from '../sandbox';
import { keepArtifact } from '../support/artifacts';
import { at } from '../support/guards';
import { OWNER } from '../e2e/n8nOwner';
import { waitFor } from '../support/processes';
import { setStage, type Stage } from '../e2e/stage';
import { RERUN_NODE, rerunWorkflow } from '../e2e/workflows';
import { announce, SAMPLER, showResponse, TEXT } from './mainJob';

const WORKFLOW_ID = 'tryComfyControl1';
const PICTURE_TIMEOUT_MS = 60_000;

/** Sets up a real n8n and runs the main job in it, or keeps its editor open. */
export async function tryInN8n(opensEditor: boolean): Promise<void> {
	console.log('Setting up n8n, the package and the sandbox');
	const stage = await setStage(({ seeds }) => [
		rerunWorkflow(WORKFLOW_ID, {
			originalId: seeds.textToImage,
			text: TEXT,
			sampler: SAMPLER,
		}),
	]);
	try {
		await (opensEditor ? keepEditorOpen(stage) : runMainJob(stage));
	} finally {
		await stage.clear();
	}
}

async function runMainJob({ n8n, sandbox }: Stage): Promise<void> {
	announce(sandbox.seeds.textToImage, 'n8n');
	const execution = await n8n.execute(WORKFLOW_ID);
	const problem = execution.errorMessage();
	if (problem !== undefined) throw new Error(problem);
	const [{ json }] = execution.items(RERUN_NODE);
	showResponse(json);
	const picturePath = await savePicture(sandbox, String(json.id));
	console.log(`The finished picture: ${picturePath}`);
}

async function savePicture(sandbox: Sandbox, workflowId: string): Promise<string> {
	const workflowPath = `/v1/workflow/${workflowId}`;
	const isCompleted = async () => {
		const status = at(await getJson(sandbox, workflowPath), 'status');
		return status === 'completed' ? true : undefined;
	};
	await waitFor('finished picture', isCompleted, PICTURE_TIMEOUT_MS);
	const src = at(await getJson(sandbox, `${workflowPath}/outputs`), 0, 'src');
	if (typeof src !== 'string') throw new Error('The workflow finished without a picture');
	const response = await fetch(src);
	if (!response.ok) throw new Error(`The picture could not be downloaded: ${response.status}`);
	const extension = path.posix.extname(new URL(src).pathname);
	return await keepArtifact(
		`try-picture${extension}`,
		new Uint8Array(await response.arrayBuffer()),
	);
}

async function getJson({ apiUrl, token }: Sandbox, apiPath: string): Promise<unknown> {
	const headers = { authorization: `Bearer ${token}` };
	const response = await fetch(`${apiUrl}${apiPath}`, { headers });
	if (!response.ok) throw new Error(`GET ${apiPath} answered ${response.status}`);
	return await response.json();
}

async function keepEditorOpen({ n8n, sandbox }: Stage): Promise<void> {
	const server = await n8n.start();
	try {
		console.log(`\nn8n is open at ${server.baseUrl}/workflow/${WORKFLOW_ID}`);
		console.log(`  e-mail    ${OWNER.email}`);
		console.log(`  password  ${OWNER.password}`);
		console.log(`The sandbox of the API is at ${sandbox.apiUrl}, its token is ${sandbox.token}`);
		console.log('Press Ctrl-C to end');
		await stopSignal();
		console.log('\nStopping n8n');
	} finally {
		await server.stop();
	}
}

async function stopSignal(): Promise<void> {
	await new Promise<void>((resolve) => {
		process.once('SIGINT', resolve);
		process.once('SIGTERM', resolve);
	});
}

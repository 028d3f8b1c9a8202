/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command for people's terminals, never part of the node */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Sandbox } from '../sandbox';
import { keepArtifact } from './artifacts';
import { at } from './guards';
import { OWNER } from './n8nOwner';
import { waitFor } from './processes';
import { setStage, type Stage } from './stage';
import { RERUN_NODE, rerunWorkflow } from './workflows';

const USAGE = `Try the node without an account: a real n8n runs it against a sandbox of the ComfyControl API.

npm run try                 runs the main job once, prints the response, saves the finished picture
npm run try -- --editor     opens n8n for you with everything in it, until you press Ctrl-C
`;
const WORKFLOW_ID = 'tryComfyControl1';
const TEXT = 'a lighthouse at dawn, soft light, film grain';
const SAMPLER = 'dpm_2';
const PICTURE_TIMEOUT_MS = 60_000;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			editor: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	console.log('Setting up n8n, the package and the sandbox');
	const stage = await setStage(({ seeds }) => [
		rerunWorkflow(WORKFLOW_ID, {
			originalId: seeds.textToImage,
			text: TEXT,
			sampler: SAMPLER,
		}),
	]);
	try {
		await (values.editor ? keepEditorOpen(stage) : runMainJob(stage));
	} finally {
		await stage.clear();
	}
}

async function runMainJob({ n8n, sandbox }: Stage): Promise<void> {
	console.log(`Rerunning workflow ${sandbox.seeds.textToImage} from n8n with`);
	console.log(`  text    prompt       ${TEXT}`);
	console.log('  file    input_image  (a picture made in n8n)');
	console.log(`  choice  sampler      ${SAMPLER}`);
	const execution = await n8n.execute(WORKFLOW_ID);
	const problem = execution.errorMessage();
	if (problem !== undefined) throw new Error(problem);
	const [{ json }] = execution.items(RERUN_NODE);
	console.log('\nThe response:');
	console.log(JSON.stringify(json, null, 2));
	console.log('\nWaiting for the picture');
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

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});

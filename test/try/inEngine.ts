/* eslint-disable no-console -- a command for people’s terminals, never part of the node */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../sandbox';
import { paintSketch } from '../sandbox/picture';
import { keepArtifact } from '../support/artifacts';
import { inlineFile, runNode } from '../support/engine';
import { rerunParameters } from '../support/rerun';
import { announce, SAMPLER, showResponse, TEXT } from './mainJob';

const FORM = {
	text: [{ name: 'prompt', value: '={{ $json.prompt }}' }],
	file: [{ name: 'input_image', binaryPropertyName: 'photo' }],
	choice: [{ name: 'sampler', value: SAMPLER }],
};

/** Runs the main job in n8n's engine: a rerun, and then the picture that comes of it. */
export async function tryInEngine(): Promise<void> {
	const sandbox = await startSandbox({ durationsMs: { running: 2_000 } });
	try {
		const { textToImage } = sandbox.seeds;
		announce(textToImage, "n8n's engine");
		const photo = inlineFile(paintSketch(), { fileName: 'sketch.png' });
		const input = { json: { prompt: TEXT }, binary: { photo } };
		const started = await resultOf(sandbox, rerunParameters(textToImage, FORM), input);
		showResponse(started.json);

		const workflowId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
		const wait = { resource: 'workflow', operation: 'wait', workflowId };
		const { binary } = await resultOf(sandbox, wait, { json: started.json });
		const picture = Buffer.from(binary?.data.data ?? '', 'base64');
		const file = await keepArtifact('try-picture.png', picture);
		console.log(`The finished picture: ${file}

What to try next:
  npm run try -- --editor   click through it in a real n8n (installs it once: 3 GB, some minutes)
  npm run sandbox           the sandbox of the API alone, with examples for curl
  examples/                 n8n workflows to import`);
	} finally {
		await sandbox.stop();
	}
}

async function resultOf(
	{ token, apiUrl }: Sandbox,
	parameters: INodeParameters,
	item: INodeExecutionData,
): Promise<INodeExecutionData> {
	const credentials = { apiToken: token, baseUrl: apiUrl };
	const { run, outputs, error } = await runNode({ parameters, items: [item], credentials });
	if (run.status !== 'success') throw new Error(`${error.message} ${error.description}`);
	return outputs[0][0];
}

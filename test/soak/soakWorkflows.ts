import {
	chain,
	everyFewSeconds,
	finishWorkflow,
	imageNodes,
	rerunNode,
	splitNode,
	webhookNode,
	type N8nNode,
	type N8nWorkflow,
} from '../e2e/workflows';
import { paintSketch } from '../sandbox/picture';

/** The n8n workflows of the soak that a request starts, by the path of their webhook. */
export const WEBHOOK_IDS = {
	batch: 'soakBatch00000001',
	upload: 'soakUpload0000001',
	list: 'soakList000000001',
};

export type Kind = keyof typeof WEBHOOK_IDS;

export const TRIGGER_ID = 'soakTrigger000001';

/** What runs all the time: a batch with its files, an upload, a list, and the trigger. */
export function soakWorkflows(originalId: string): N8nWorkflow[] {
	const prompt = { text: [{ name: 'prompt', value: '={{ $json.prompts }}' }] };
	const [, ...image] = imageNodes(paintSketch());
	const upload = {
		text: [{ name: 'prompt', value: "={{ $('Webhook').first().json.body.prompt }}" }],
		file: [{ name: 'input_image', binaryPropertyName: 'data' }],
	};
	return [
		chain(WEBHOOK_IDS.batch, 'Batch', [
			webhookNode('batch', '7f2f0b0e-3a53-4c1d-9b57-0b8f1f0a0001', 'lastNode'),
			splitNode('body.prompts'),
			rerun(originalId, { parameters: prompt, waitForCompletion: true }),
		]),
		chain(WEBHOOK_IDS.upload, 'Upload', [
			webhookNode('upload', '7f2f0b0e-3a53-4c1d-9b57-0b8f1f0a0002', 'lastNode'),
			...image,
			rerun(originalId, { parameters: upload }),
		]),
		chain(WEBHOOK_IDS.list, 'List', [
			webhookNode('list', '7f2f0b0e-3a53-4c1d-9b57-0b8f1f0a0003', 'lastNode'),
			{
				...rerun(originalId, {}),
				parameters: { resource: 'workflow', operation: 'getAll', returnAll: false, limit: 50 },
			},
		]),
		finishWorkflow(TRIGGER_ID, everyFewSeconds()),
	];
}

function rerun(originalId: string, parameters: Record<string, unknown>): N8nNode {
	const node = rerunNode({ originalId, text: '', sampler: '' });
	return {
		...node,
		parameters: { ...node.parameters, ...parameters },
		onError: 'continueErrorOutput',
		retryOnFail: true,
		maxTries: 2,
		waitBetweenTries: 500,
	};
}

import { createHash } from 'node:crypto';

import type { Jobs, NewJob } from './jobs';
import { paintSketch } from './picture';
import type { WorkflowJson } from './placeholders';
import type { ReceivedFile } from './requestLog';

/** The user that the sandbox's token belongs to. */
export const user = {
	id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
	name: 'John Doe',
	email: 'john@example.com',
	deleted: false,
	tier: 'pro',
	provider: 'github',
	created_at: '2024-01-01T00:00:00Z',
	updated_at: '2024-01-15T10:30:00Z',
};

/** The runner that executes the user's workflows. */
export const runnerId = '550e8400-e29b-41d4-a716-446655440000';

/** A finished workflow with every kind of placeholder, the one that the documentation's examples show. */
export const textToImageId = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';

/** A finished workflow of another user. */
export const othersWorkflowId = 'f0e1d2c3-b4a5-4678-9abc-def012345678';

const textToImageJson: WorkflowJson = {
	'3': {
		class_type: 'KSampler',
		inputs: {
			seed: '$random()',
			steps: 20,
			cfg: 8,
			sampler_name: '$choice(sampler, euler_ancestral, euler, dpm_2, ddim)',
			scheduler: 'normal',
			denoise: 0.75,
			model: ['4', 0],
			positive: ['6', 0],
			negative: ['7', 0],
			latent_image: ['11', 0],
		},
		_meta: { title: 'KSampler' },
	},
	'4': {
		class_type: 'CheckpointLoaderSimple',
		inputs: { ckpt_name: 'v1-5-pruned-emaonly.safetensors' },
		_meta: { title: 'Load Checkpoint' },
	},
	'6': {
		class_type: 'CLIPTextEncode',
		inputs: { text: '$text(prompt)', clip: ['4', 1] },
		_meta: { title: 'Positive Prompt' },
	},
	'7': {
		class_type: 'CLIPTextEncode',
		inputs: { text: '$text(negative_prompt, blurry, low quality)', clip: ['4', 1] },
		_meta: { title: 'Negative Prompt' },
	},
	'8': {
		class_type: 'VAEDecode',
		inputs: { samples: ['3', 0], vae: ['4', 2] },
		_meta: { title: 'VAE Decode' },
	},
	'9': {
		class_type: 'SaveImage',
		inputs: { filename_prefix: '$timestamp()', images: ['8', 0] },
		_meta: { title: 'Save Image' },
	},
	'10': {
		class_type: 'LoadImage',
		inputs: { image: '$file(input_image)' },
		_meta: { title: 'Load Image' },
	},
	'11': {
		class_type: 'VAEEncode',
		inputs: { pixels: ['10', 0], vae: ['4', 2] },
		_meta: { title: 'VAE Encode' },
	},
};

/** Starts the workflows that are there from the beginning, long enough ago to be finished. */
export function plantSeeds(jobs: Jobs, now: number): void {
	const anHourAgo = now - 3_600_000;
	const createdAtMs = Math.min(anHourAgo, Date.parse('2024-01-15T10:30:00Z'));
	const original = { ...textToImage(seedFile()), createdAtMs };
	jobs.start({ ...original, id: textToImageId, userId: user.id });
	jobs.start({
		...original,
		id: othersWorkflowId,
		userId: '9b2d1f60-3c44-4f0e-8a57-6f2f0c1de111',
		name: 'Somebody Else’s Workflow',
	});
}

function textToImage(sketch: ReceivedFile): Omit<NewJob, 'id' | 'userId'> {
	return {
		name: 'Text to Image Generation',
		tags: ['production', 'text2img'],
		workflowJson: textToImageJson,
		params: [
			{ kind: 'choice', name: 'sampler', value: 'euler_ancestral' },
			{ kind: 'text', name: 'prompt', value: 'A beautiful sunset over mountains' },
			{ kind: 'text', name: 'negative_prompt', value: 'blurry, low quality' },
			{ kind: 'file', name: 'input_image', value: 'sketch.png', file: sketch },
		],
		durations: { accepted: 1000, uploaded: 2000, queued: 3000, running: 39000 },
	};
}

function seedFile(): ReceivedFile {
	const content = paintSketch();
	return {
		fieldName: '$input_image',
		fileName: 'sketch.png',
		mimeType: 'image/png',
		sizeBytes: content.length,
		sha256: createHash('sha256').update(content).digest('hex'),
		content,
	};
}

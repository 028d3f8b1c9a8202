import type { WorkflowJson, WorkflowNode } from '../placeholders';

/** Every kind of placeholder. */
export const textToImage: WorkflowJson = {
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

/** One text, without a default. */
export const poemToPicture: WorkflowJson = {
	'1': checkpoint('sd_xl_base_1.0.safetensors'),
	'2': textEncode('$text(poem)', '1'),
	'3': textEncode('text, letters, watermark', '1'),
	'4': {
		class_type: 'EmptyLatentImage',
		inputs: { width: 1024, height: 1024, batch_size: 1 },
		_meta: { title: 'Empty Latent Image' },
	},
	'5': sampler({ model: '1', positive: '2', negative: '3', latent: '4', denoise: 1 }),
	'6': decode('5', '1'),
	'7': saveImage('poem', '6'),
};

/** A file, a text, and a number that has a default. */
export const imageToImage: WorkflowJson = {
	'10': {
		class_type: 'LoadImage',
		inputs: { image: '$file(photo)' },
		_meta: { title: 'Load Image' },
	},
	'11': checkpoint('dreamshaper_8.safetensors'),
	'12': textEncode('$text(prompt)', '11'),
	'13': textEncode('blurry, deformed', '11'),
	'14': {
		class_type: 'VAEEncode',
		inputs: { pixels: ['10', 0], vae: ['11', 2] },
		_meta: { title: 'VAE Encode' },
	},
	'15': sampler({
		model: '11',
		positive: '12',
		negative: '13',
		latent: '14',
		denoise: '$text(strength, 0.6)',
	}),
	'16': decode('15', '11'),
	'17': saveImage('img2img', '16'),
};

/** Four choices, with two, three and four options. */
export const video: WorkflowJson = {
	'1': checkpoint('wan2.2_ti2v_5B_fp16.safetensors'),
	'2': textEncode('$text(prompt)', '1'),
	'3': textEncode('static, jittery, watermark', '1'),
	'4': {
		class_type: 'VideoSize',
		inputs: {
			resolution: '$choice(resolution, 480p, 720p)',
			aspect_ratio: '$choice(aspect_ratio, 16:9, 9:16, 1:1)',
			length: '$choice(frames, 49, 81, 121)',
		},
		_meta: { title: 'Video Size' },
	},
	'5': sampler({
		model: '1',
		positive: '2',
		negative: '3',
		latent: '4',
		denoise: 1,
		samplerName: '$choice(sampler, uni_pc, euler, dpmpp_2m, res_multistep)',
	}),
	'6': decode('5', '1'),
	'7': {
		class_type: 'CreateVideo',
		inputs: { images: ['6', 0], fps: 24 },
		_meta: { title: 'Create Video' },
	},
	'8': {
		class_type: 'SaveVideo',
		inputs: { filename_prefix: 'video', format: 'mp4', codec: 'h264', video: ['7', 0] },
		_meta: { title: 'Save Video' },
	},
};

/** Nothing to fill in: only values that ComfyControl makes up. */
export const noParameters: WorkflowJson = {
	'1': checkpoint('sd_xl_base_1.0.safetensors'),
	'2': textEncode('a new wallpaper for every day, soft colours', '1'),
	'3': textEncode('text, people', '1'),
	'4': {
		class_type: 'EmptyLatentImage',
		inputs: { width: 1536, height: 864, batch_size: 1 },
		_meta: { title: 'Empty Latent Image' },
	},
	'5': sampler({ model: '1', positive: '2', negative: '3', latent: '4', denoise: 1 }),
	'6': decode('5', '1'),
	'7': saveImage('$timestamp()', '6'),
};

function checkpoint(name: string): WorkflowNode {
	return {
		class_type: 'CheckpointLoaderSimple',
		inputs: { ckpt_name: name },
		_meta: { title: 'Load Checkpoint' },
	};
}

function textEncode(text: string, checkpointId: string): WorkflowNode {
	return {
		class_type: 'CLIPTextEncode',
		inputs: { text, clip: [checkpointId, 1] },
		_meta: { title: 'CLIP Text Encode' },
	};
}

function sampler(from: {
	model: string;
	positive: string;
	negative: string;
	latent: string;
	denoise: number | string;
	samplerName?: string;
}): WorkflowNode {
	return {
		class_type: 'KSampler',
		inputs: {
			seed: '$random()',
			steps: 20,
			cfg: 7,
			sampler_name: from.samplerName ?? 'euler',
			scheduler: 'normal',
			denoise: from.denoise,
			model: [from.model, 0],
			positive: [from.positive, 0],
			negative: [from.negative, 0],
			latent_image: [from.latent, 0],
		},
		_meta: { title: 'KSampler' },
	};
}

function decode(samplerId: string, checkpointId: string): WorkflowNode {
	return {
		class_type: 'VAEDecode',
		inputs: { samples: [samplerId, 0], vae: [checkpointId, 2] },
		_meta: { title: 'VAE Decode' },
	};
}

function saveImage(prefix: string, imagesId: string): WorkflowNode {
	return {
		class_type: 'SaveImage',
		inputs: { filename_prefix: prefix, images: [imagesId, 0] },
		_meta: { title: 'Save Image' },
	};
}

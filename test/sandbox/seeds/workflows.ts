import { createHash } from 'node:crypto';

import type { NewJob, Param } from '../jobs';
import { paintSketch } from '../picture';
import type { ReceivedFile } from '../requestLog';
import * as definitions from './definitions';
import { mainRunner, proRunner } from './runners';
import { otherUserId, user } from './user';

/** Ids of the finished workflows that are there from the start. */
export const workflowIds = {
	/** Every kind of placeholder: the workflow that the documentation's examples show. */
	textToImage: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
	/** "Poem to Picture": one text without default. No tags. */
	textOnly: '1f0c7a52-6b1d-4c3e-9a86-2d4e5f607182',
	/** "Image to Image": a file, a text without and one with a default. */
	imageToImage: '2a9d8b63-7c2e-4d4f-8b97-3e5f60718293',
	/** "Video with four choices": a text and choices with two, three and four options. */
	video: '3bae9c74-8d3f-4e50-9ca8-4f60718293a4',
	/** "No Parameters": only $random() and $timestamp(). */
	noParameters: '4cbfad85-9e40-4f61-8db9-5071829304b5',
};

/** A finished workflow of another user. */
export const othersWorkflowId = 'f0e1d2c3-b4a5-4678-9abc-def012345678';

/** What a workflow runs: its definition, tags and values, and where. */
export type Recipe = Pick<NewJob, 'name' | 'tags' | 'workflowJson' | 'params' | 'runner'>;

/** A job that was created at a certain time. */
export interface PlantedJob extends NewJob {
	createdAtMs: number;
}

/** The seeded workflows, the oldest first. */
export function seededWorkflows(): PlantedJob[] {
	const original = textToImage();
	const newest = Date.parse('2024-01-15T10:30:00Z');
	const own = (id: string, hoursBefore: number, recipe: Recipe): PlantedJob => ({
		...recipe,
		id,
		userId: user.id,
		createdAtMs: newest - hoursBefore * 3_600_000,
	});
	return [
		own(workflowIds.noParameters, 100, noParameters()),
		own(workflowIds.textOnly, 63, poemToPicture()),
		own(workflowIds.video, 44, video()),
		own(workflowIds.imageToImage, 25, imageToImage()),
		own(workflowIds.textToImage, 0, original),
		{
			...own(othersWorkflowId, 0, original),
			userId: otherUserId,
			name: 'Somebody Else’s Workflow',
		},
	];
}

export function textToImage(): Recipe {
	return {
		name: 'Text to Image Generation',
		tags: ['production', 'text2img'],
		workflowJson: definitions.textToImage,
		runner: mainRunner,
		params: [
			choice('sampler', 'euler_ancestral'),
			text('prompt', 'A beautiful sunset over mountains'),
			text('negative_prompt', 'blurry, low quality'),
			sketch('input_image'),
		],
	};
}

export function poemToPicture(): Recipe {
	return {
		name: 'Poem to Picture',
		tags: [],
		workflowJson: definitions.poemToPicture,
		runner: mainRunner,
		params: [text('poem', 'The fog comes\non little cat feet.')],
	};
}

export function imageToImage(): Recipe {
	return {
		name: 'Image to Image',
		tags: ['img2img'],
		workflowJson: definitions.imageToImage,
		runner: mainRunner,
		params: [sketch('photo'), text('prompt', 'The same hills in winter'), text('strength', '0.45')],
	};
}

export function video(): Recipe {
	return {
		name: 'Video with four choices',
		tags: ['production', 'video'],
		workflowJson: definitions.video,
		runner: proRunner,
		params: [
			text('prompt', 'Waves roll onto a beach at night'),
			choice('resolution', '720p'),
			choice('aspect_ratio', '16:9'),
			choice('frames', '81'),
			choice('sampler', 'uni_pc'),
		],
	};
}

export function noParameters(): Recipe {
	return {
		name: 'No Parameters',
		tags: ['wallpaper'],
		workflowJson: definitions.noParameters,
		runner: mainRunner,
		params: [],
	};
}

function text(name: string, value: string): Param {
	return { kind: 'text', name, value };
}

function choice(name: string, value: string): Param {
	return { kind: 'choice', name, value };
}

function sketch(name: string): Param {
	return { kind: 'file', name, value: 'sketch.png', file: sketchFile(`$${name}`) };
}

function sketchFile(fieldName: string): ReceivedFile {
	const content = paintSketch();
	return {
		fieldName,
		fileName: 'sketch.png',
		mimeType: 'image/png',
		sizeBytes: content.length,
		sha256: createHash('sha256').update(content).digest('hex'),
		content,
	};
}

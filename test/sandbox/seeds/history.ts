import type { JobOutcome } from '../jobs';
import { nodesOf, type WorkflowJson } from '../placeholders';
import { uuidFrom } from '../uuid';
import { user } from './user';
import {
	imageToImage,
	noParameters,
	poemToPicture,
	video,
	type PlantedJob,
	type Recipe,
} from './workflows';

const anHour = 3_600_000;

/**
 * Finished runs for paging, the oldest first and the last one an hour before `endMs`. They are the
 * same ones each time: of ten runs seven completed, two failed and one was cancelled.
 */
export function olderRuns(count: number, endMs: number): PlantedJob[] {
	const series = [
		{ name: 'Batch run', recipe: poemToPicture() },
		{ name: 'Product photo', recipe: imageToImage() },
		{ name: 'Teaser', recipe: video() },
		{ name: 'Wallpaper', recipe: noParameters() },
	];
	return Array.from({ length: count }, (_, i) => {
		const number = i + 1;
		// Mostly batch runs, and one of each of the others in ten.
		const { name, recipe } = series[[3, 6, 9].indexOf(number % 10) + 1];
		return {
			...withNumber(recipe, number),
			id: uuidFrom(`older run ${number}`),
			userId: user.id,
			name: `${name} ${String(number).padStart(3, '0')}`,
			tags: tagsOf(number),
			createdAtMs: endMs - (count - i) * anHour,
			outcome: outcomeOf(number, recipe.workflowJson),
		};
	});
}

/** Each run has a text of its own, when it has one. */
function withNumber(recipe: Recipe, number: number): Recipe {
	const params = recipe.params.map((param) =>
		param.name === 'prompt' || param.name === 'poem'
			? { ...param, value: `${param.value} (${number})` }
			: param,
	);
	return { ...recipe, params };
}

function tagsOf(number: number): string[] {
	return [...(number % 3 === 0 ? ['production'] : []), ...(number % 5 === 0 ? ['batch'] : [])];
}

function outcomeOf(number: number, workflowJson: WorkflowJson): JobOutcome {
	if (number % 10 === 7) return { status: 'cancelled' };
	if (number % 10 !== 4 && number % 10 !== 8) return { status: 'completed' };
	const sampler = nodesOf(workflowJson).find(([, node]) => node.class_type === 'KSampler');
	return {
		status: 'failed',
		error_node: sampler?.[0],
		exception_type: 'torch.cuda.OutOfMemoryError',
		exception_message: 'Allocation on device 0 would exceed allowed memory.',
	};
}

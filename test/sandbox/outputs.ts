import type { SandboxWorkflow } from './jobs';
import type { Scene } from './picture';
import { nodesOf, parsePlaceholder } from './placeholders';
import { uuidFrom } from './uuid';

/** A file that a completed workflow made. */
export interface Output {
	id: string;
	fileName: string;
}

/** The endings of the files that these nodes save. */
const endings = new Map([
	['SaveImage', 'png'],
	['SaveVideo', 'mp4'],
]);

/** The files of a workflow, named as ComfyUI names them: prefix, counter, underscore. */
export function outputsOf(workflow: SandboxWorkflow): Output[] {
	if (workflow.status !== 'completed') return [];
	const saved = savedFiles(workflow);
	const count = workflow.outcome.outputs ?? saved.length;
	return Array.from({ length: count }, (_, i) => {
		const { prefix, ending } = saved[i % saved.length] ?? { prefix: 'ComfyUI', ending: 'png' };
		return {
			id: `output-${uuidFrom(`${workflow.id} ${i}`)}`,
			fileName: `${prefix}_${String(i + 1).padStart(5, '0')}_.${ending}`,
		};
	});
}

/** What the picture or the video of an output shows. */
export function sceneOf(workflow: SandboxWorkflow, fileName: string): Scene {
	const valuesOf = (kind: string) => workflow.params.filter((param) => param.kind === kind);
	const [prompt, ...texts] = valuesOf('text').sort(promptFirst);
	const seed = Object.entries(workflow.generated).find(([place]) => place.endsWith('seed'));
	return {
		headline: prompt?.value ?? workflow.name,
		lines: texts.map(({ name, value }) => `${name}: ${value}`),
		chips: valuesOf('choice').map(({ name, value }) => `${name}: ${value}`),
		inputImage: valuesOf('file')[0]?.file?.content,
		caption: [workflow.id, `seed ${seed?.[1] ?? 'fixed'}`, fileName].join('   '),
	};
}

function promptFirst(a: { name: string }, b: { name: string }): number {
	return Number(b.name === 'prompt') - Number(a.name === 'prompt');
}

/** What each node saves, of those that do. */
function savedFiles({ workflowJson, generated }: SandboxWorkflow) {
	return nodesOf(workflowJson).flatMap(([id, { class_type, inputs }]) => {
		const ending = endings.get(class_type);
		if (ending === undefined) return [];
		const { filename_prefix: own } = inputs;
		const prefix = generated[`${id}.filename_prefix`] ?? (isFileName(own) ? own : 'ComfyUI');
		return [{ prefix, ending }];
	});
}

function isFileName(value: unknown): value is string {
	return typeof value === 'string' && !parsePlaceholder(value) && /^[\w-]+$/.test(value);
}

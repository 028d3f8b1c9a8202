import type { SandboxWorkflow } from './jobs';
import type { Scene } from './picture';
import { nodesOf, parsePlaceholder } from './placeholders';
import { uuidFrom } from './uuid';

/** A file that a completed workflow made. */
export interface Output {
	id: string;
	fileName: string;
}

/** The files of a workflow, named as ComfyUI names them: prefix, counter, underscore. */
export function outputsOf(workflow: SandboxWorkflow): Output[] {
	if (workflow.status !== 'completed') return [];
	const prefixes = savePrefixes(workflow);
	const count = workflow.outcome.outputs ?? prefixes.length;
	return Array.from({ length: count }, (_, i) => ({
		id: `output-${uuidFrom(`${workflow.id} ${i}`)}`,
		fileName: `${prefixes[i % prefixes.length] ?? 'ComfyUI'}_${String(i + 1).padStart(5, '0')}_.png`,
	}));
}

/** What the picture of an output shows. */
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

function savePrefixes(workflow: SandboxWorkflow): string[] {
	return nodesOf(workflow.workflowJson)
		.filter(([, node]) => node.class_type === 'SaveImage')
		.map(([id, node]) => {
			const prefix = node.inputs.filename_prefix;
			const generated = workflow.generated[`${id}.filename_prefix`];
			return generated ?? (isFileName(prefix) ? prefix : 'ComfyUI');
		});
}

function isFileName(value: unknown): value is string {
	return typeof value === 'string' && !parsePlaceholder(value) && /^[\w-]+$/.test(value);
}

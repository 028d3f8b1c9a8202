import { isRecord } from './json';

/** A value of the workflow JSON that is filled in for each run. */
export type Placeholder =
	| { kind: 'text'; name: string; token: string; default?: string }
	| { kind: 'file'; name: string; token: string }
	| { kind: 'choice'; name: string; token: string; options: string[] }
	| { kind: 'random' | 'timestamp'; token: string };

/** A placeholder that has a form field. */
export type NamedPlaceholder = Extract<Placeholder, { name: string }>;

/** A workflow as it was uploaded: nodes by their id, when it is in ComfyUI's API format. */
export type WorkflowJson = Record<string, unknown>;

export interface WorkflowNode {
	class_type: string;
	inputs: Record<string, unknown>;
	_meta?: { title: string };
}

/** The nodes of a workflow by their id; none when it is not in the API format. */
export function nodesOf(workflow: WorkflowJson): Array<[string, WorkflowNode]> {
	return Object.entries(workflow).flatMap(
		([id, node]): Array<[string, WorkflowNode]> => (isNode(node) ? [[id, node]] : []),
	);
}

/** Whether ComfyUI could execute it: nodes and nothing else. */
export function isApiFormat(workflow: WorkflowJson): boolean {
	const entries = Object.values(workflow);
	return entries.length > 0 && entries.every(isNode);
}

function isNode(value: unknown): value is WorkflowNode {
	return isRecord(value) && typeof value.class_type === 'string' && isRecord(value.inputs);
}

/** Reads one value of a node; undefined when it is no placeholder. It has to be the entire string. */
export function parsePlaceholder(value: unknown): Placeholder | undefined {
	if (typeof value !== 'string') return undefined;
	const match = /^\$(text|file|choice|random|timestamp)\(([^]*)\)$/.exec(value);
	if (!match) return undefined;
	const [token, kind, inside] = match;

	if (kind === 'random' || kind === 'timestamp') {
		return inside.trim() === '' ? { kind, token } : undefined;
	}
	if (kind === 'text') return textPlaceholder(token, inside);
	if (kind === 'file') return { kind, name: inside.trim(), token };
	const [name, ...options] = inside.split(',').map((part) => part.trim());
	return { kind: 'choice', name, token, options };
}

function textPlaceholder(token: string, inside: string): Placeholder {
	const comma = inside.indexOf(',');
	if (comma < 0) return { kind: 'text', name: inside.trim(), token };
	return {
		kind: 'text',
		name: inside.slice(0, comma).trim(),
		token,
		default: inside.slice(comma + 1).trim(),
	};
}

/** The placeholders that have a form field, each once, in the order of the workflow. */
export function namedPlaceholders(workflow: WorkflowJson): NamedPlaceholder[] {
	const byField = new Map<string, NamedPlaceholder>();
	for (const [, node] of nodesOf(workflow)) {
		for (const value of Object.values(node.inputs)) {
			const placeholder = parsePlaceholder(value);
			if (placeholder && 'name' in placeholder && !byField.has(formField(placeholder))) {
				byField.set(formField(placeholder), placeholder);
			}
		}
	}
	return [...byField.values()];
}

/** The name of the form field: `$prompt`, `$input_image`, `#sampler`. */
export function formField({ kind, name }: Pick<NamedPlaceholder, 'kind' | 'name'>): string {
	return kind === 'choice' ? `#${name}` : `$${name}`;
}

/** A copy of the workflow in which `fill` has replaced every placeholder. */
export function fillIn(
	workflow: WorkflowJson,
	fill: (placeholder: Placeholder, input: string) => unknown,
): WorkflowJson {
	const filled = { ...workflow };
	for (const [id, node] of nodesOf(workflow)) {
		const inputs: Record<string, unknown> = {};
		for (const [input, value] of Object.entries(node.inputs)) {
			const placeholder = parsePlaceholder(value);
			inputs[input] = placeholder ? fill(placeholder, `${id}.${input}`) : value;
		}
		filled[id] = { ...node, inputs };
	}
	return filled;
}

import { isRecord } from '../basics/guards';
import { afterString, PICTURE_ADVICE } from './jsonText';
import type { Problem } from './types';
import { isApiFormat } from './workflowParameters';

/** Where ComfyUI has its export, now and before. */
export const EXPORT_ADVICE =
	"In ComfyUI open the workflow and choose 'File' > 'Export (API)' ('Workflow' > 'Export (API)' in older versions), then use the content of that file.";

// What a wrapper is searched to.
const DEEPEST = 3;

/** What a text is that was entered as workflow JSON and is no JSON, and what to do about it. */
export function notJson(text: string, fault: string): Problem {
	const trimmed = text.trim();
	const picture = pictureOf(trimmed);
	if (picture !== undefined) {
		return {
			message: `The workflow JSON is a ${picture} picture, not JSON`,
			description: PICTURE_ADVICE,
		};
	}
	if (trimmed.startsWith('```')) {
		return {
			message: 'The workflow JSON stands between the ``` of Markdown',
			description: 'Remove the lines with ``` before and after it.',
		};
	}
	if (trimmed.startsWith('[object ')) {
		return {
			message: "The workflow JSON is '[object Object]': an object that became text",
			description:
				'Let the field hold the expression alone, without text around it, or use {{ JSON.stringify(…) }}.',
		};
	}
	const outside = outsideStrings(text);
	if (/\/\/|\/\*/.test(outside) || /^\s*#/m.test(outside)) {
		return {
			message: `The workflow JSON holds comments, which JSON can't have: ${fault}`,
			description: 'Remove the comments, which begin with //, /* or #.',
		};
	}
	const notNumber = /(?<![\w$])(NaN|-?Infinity)(?!\w)/.exec(outside)?.[1];
	if (notNumber !== undefined) {
		return {
			message: `The workflow JSON holds ${notNumber}, which is no number in JSON`,
			description: `Put a number in its place. Python writes ${notNumber} for a number that it couldn't compute.`,
		};
	}
	return { message: `The workflow JSON isn't valid JSON: ${fault}`, description: EXPORT_ADVICE };
}

/** What is JSON and no workflow in API format, and what to do about it. */
export function notWorkflow(value: unknown): Problem {
	if (isEditorFormat(value)) {
		return {
			message: "The workflow JSON is in the format of ComfyUI's editor",
			description: EXPORT_ADVICE,
		};
	}
	if (typeof value === 'string' && looksLikeJson(value)) {
		return {
			message: 'The workflow JSON is encoded twice: it is JSON that holds a text with JSON in it',
			description:
				'Leave out one JSON.stringify(), or remove the quotation marks around it and the backslashes in it.',
		};
	}
	const paths = workflowPaths(value);
	if (paths.length > 0) return inWrapper(paths);
	return (isRecord(value) && brokenNode(value)) || GENERIC;
}

const GENERIC: Problem = {
	message: "The workflow JSON isn't a ComfyUI workflow in API format",
	description: EXPORT_ADVICE,
};

function isEditorFormat(value: unknown): boolean {
	return isRecord(value) && Array.isArray(value.nodes);
}

type Path = Array<string | number>;

function inWrapper(paths: Path[]): Problem {
	const written = paths.map((path) => `'${path.join('.')}'`).join(', ');
	if (paths.length > 1) {
		return {
			message: `The workflow JSON holds several workflows: ${written}`,
			description: 'Enter one of them alone.',
		};
	}
	const [path] = paths;
	const expression = path
		.map((step) =>
			typeof step === 'string' && /^[A-Za-z_]\w*$/.test(step)
				? `.${step}`
				: `[${JSON.stringify(step)}]`,
		)
		.join('');
	return {
		message: `The workflow JSON isn't the workflow itself: it is in ${written}`,
		description: `Use the content of ${written} alone. If the JSON comes from the node before, enter {{ $json${expression} }}.`,
	};
}

function workflowPaths(value: unknown, depth = 0): Path[] {
	if (depth >= DEEPEST || typeof value !== 'object' || value === null) return [];
	const steps: Array<[string | number, unknown]> = Array.isArray(value)
		? value.map((inner: unknown, index): [number, unknown] => [index, inner])
		: Object.entries(value);
	return steps.flatMap(([step, inner]): Path[] => {
		const parsed = typeof inner === 'string' && looksLikeJson(inner) ? parsedOf(inner) : inner;
		if (isWorkflow(parsed)) return [[step]];
		return workflowPaths(parsed, depth + 1).map((path) => [step, ...path]);
	});
}

function isWorkflow(value: unknown): boolean {
	return isRecord(value) && Object.keys(value).length > 0 && isApiFormat(value);
}

function brokenNode(value: Record<string, unknown>): Problem | undefined {
	const entries = Object.entries(value);
	const broken = entries.find(([, node]) => !isNode(node));
	const [key, node] = broken ?? [];
	if (key === undefined) return undefined;
	if (isRecord(node) && isRecord(node.inputs)) {
		const title = isRecord(node._meta) && node._meta.title;
		return {
			message: `Node '${key}'${typeof title === 'string' ? ` ('${title}')` : ''} of the workflow JSON has no class_type`,
			description:
				'ComfyUI writes it so when the custom node is missing there. Install the custom node in ComfyUI, or remove the node, and export the workflow again.',
		};
	}
	return entries.some(([, other]) => isNode(other))
		? {
				message: `The workflow JSON has '${key}' beside its nodes`,
				description: `Remove '${key}': in API format there are nodes and nothing else.`,
			}
		: undefined;
}

function isNode(value: unknown): boolean {
	return isRecord(value) && 'class_type' in value;
}

function pictureOf(text: string): string | undefined {
	const beginning = text.slice(0, 64);
	if (/^(.PNG|iVBORw0KGgo|data:image\/png)/.test(beginning)) return 'PNG';
	return /^(\/9j\/|data:image\/jpe?g)|^[\u00ff\ufffd].*(JFIF|Exif)/s.test(beginning)
		? 'JPEG'
		: undefined;
}

// A text such as "1" is a value like any other.
function looksLikeJson(text: string): boolean {
	return /^\s*["{[]/.test(text) && parsedOf(text) !== undefined;
}

function parsedOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function outsideStrings(text: string): string {
	const parts: string[] = [];
	let start = 0;
	for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', start)) {
		parts.push(text.slice(start, quote));
		start = afterString(text, quote);
	}
	return [...parts, text.slice(start)].join('""');
}

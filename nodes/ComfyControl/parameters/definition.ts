import { isRecord } from '../basics/guards';
import { wrong, type Checked } from './types';
import { isApiFormat } from './workflowParameters';

/** A workflow's JSON, checked. */
export interface Definition {
	/** As it was entered but for a mark of its encoding, so that no number loses digits on its way. */
	text: string;
	parsed: Record<string, unknown>;
}

/**
 * Reads a workflow in ComfyUI's API format, as text or as an object.
 *
 * @see https://docs.comfycontrol.app/concepts/templates
 */
export function readDefinition(entered: unknown): Checked<Definition> {
	// Some editors begin a file with a mark of its encoding, which is no JSON.
	const text =
		typeof entered === 'string' ? entered.replace(/^\uFEFF/, '') : JSON.stringify(entered ?? '');
	if (text.trim() === '' || text === '""') {
		return wrong('No workflow JSON is given', EXPORT_ADVICE);
	}
	const parsed = parsedJson(text);
	if ('fault' in parsed) {
		return wrong(`The workflow JSON isn't valid JSON: ${parsed.fault}`, EXPORT_ADVICE);
	}
	const definition = parsed.value;
	if (isRecord(definition) && Array.isArray(definition.nodes)) {
		return wrong("The workflow JSON is in the format of ComfyUI's editor", EXPORT_ADVICE);
	}
	if (!isRecord(definition) || !isApiFormat(definition) || Object.keys(definition).length === 0) {
		return wrong("The workflow JSON isn't a ComfyUI workflow in API format", EXPORT_ADVICE);
	}
	return { value: { text, parsed: definition } };
}

const EXPORT_ADVICE =
	"In ComfyUI open the workflow and choose 'Workflow' > 'Export (API)', then use the content of that file.";

function parsedJson(text: string): { value: unknown } | { fault: string } {
	try {
		return { value: JSON.parse(text) };
	} catch (error) {
		return { fault: error instanceof Error ? error.message : 'it can’t be read' };
	}
}

import { EXPORT_ADVICE, notJson, notWorkflow } from './definitionAdvice';
import { isRecord } from '../basics/guards';
import { lostNumber } from './given';
import { nearPlaceholderProblem, placeholderBoundsProblem } from './placeholderProblems';
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
	if ('fault' in parsed) return { problem: notJson(text, parsed.fault) };
	const definition = parsed.value;
	if (!isRecord(definition) || !isApiFormat(definition) || Object.keys(definition).length === 0) {
		return { problem: notWorkflow(definition) };
	}
	const lost = typeof entered === 'string' ? undefined : lostNumber(entered);
	if (lost !== undefined) {
		return wrong(
			`The workflow JSON holds ${lost}, which n8n can't keep exactly in an object`,
			'Enter the JSON as text or as a file: an expression that gives an object has lost digits of such numbers already.',
		);
	}
	return { value: { text, parsed: definition } };
}

/**
 * Reads a workflow that is to be sent, as `readDefinition` does.
 *
 * @returns a problem also where a placeholder would not be taken for what it was meant
 */
export function readDefinitionToSend(entered: unknown): Checked<Definition> {
	const definition = readDefinition(entered);
	if ('problem' in definition) return definition;
	const { parsed } = definition.value;
	const problem = nearPlaceholderProblem(parsed) ?? placeholderBoundsProblem(parsed);
	return problem ? { problem } : definition;
}

function parsedJson(text: string): { value: unknown } | { fault: string } {
	try {
		return { value: JSON.parse(text) };
	} catch (error) {
		return { fault: error instanceof Error ? error.message : 'it can’t be read' };
	}
}

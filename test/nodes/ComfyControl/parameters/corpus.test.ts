import { readDefinition } from '../../../../nodes/ComfyControl/parameters/definition';
import { readJsonBytes } from '../../../../nodes/ComfyControl/parameters/jsonText';
import {
	nearPlaceholderProblem,
	placeholderBoundsProblem,
} from '../../../../nodes/ComfyControl/parameters/placeholderProblems';
import type { Problem } from '../../../../nodes/ComfyControl/parameters/types';
import { VALID, WRONG } from './corpus';

/** What the node reads of a file, or what it says of it. */
function read(bytes: Buffer): { text: string } | Problem {
	const text = readJsonBytes(bytes);
	if ('problem' in text) return text.problem;
	const definition = readDefinition(text.value);
	if ('problem' in definition) return definition.problem;
	const { parsed } = definition.value;
	return nearPlaceholderProblem(parsed) ?? placeholderBoundsProblem(parsed) ?? definition.value;
}

describe('the files that people bring', () => {
	it.each(VALID)('are read as they are: $what', ({ bytes, sent }) => {
		expect(read(bytes)).toMatchObject({ text: sent ?? bytes.toString() });
	});

	it.each(WRONG)('are explained: $what', ({ bytes, message, advice }) => {
		expect(read(bytes)).toEqual({
			message: expect.stringContaining(message ?? ''),
			description: expect.stringContaining(advice ?? ''),
		});
	});
});

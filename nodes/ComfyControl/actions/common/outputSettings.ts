import { switched } from '../../parameters/switched';
import type { OutputSettings } from '../../runs/waitSettings';

/** What to do with outputs, from the node's parameters. */
export function outputSettings(
	parameter: (name: string, fallback: string | boolean) => unknown,
): OutputSettings {
	const field = String(parameter('options.outputBinaryPropertyName', 'data')).trim();
	return {
		downloadOutputs: switched(parameter('downloadOutputs', true), true),
		outputMode: parameter('options.outputMode', 'file') === 'workflow' ? 'workflow' : 'file',
		binaryField: field === '' ? 'data' : field,
	};
}

import type { Problem } from './types';

/**
 * The most that one request may carry, in bytes: "50MB per request".
 *
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/rerun
 */
export const MAX_REQUEST_BYTES = 50 * 1024 * 1024;

/** What a part of a request weighs: a text, or a file of known size. */
export type SizedPart =
	| { field: string; text: string }
	| { field: string; file: { fileName: string; sizeBytes: number } };

/** What the parts of one request weigh together, but for the frame around them. */
export function requestBytes(parts: SizedPart[]): number {
	return parts.reduce((sum, part) => sum + sizeInBytes(part), 0);
}

/** Checks the files and texts of one request against the API's limit. */
export function requestSizeProblem(parts: SizedPart[]): Problem | undefined {
	const sumBytes = requestBytes(parts);
	if (sumBytes <= MAX_REQUEST_BYTES) return undefined;

	const files = parts.flatMap((part) =>
		'file' in part ? [`${part.file.fileName}: ${inMegabytes(sizeInBytes(part))}`] : [],
	);
	const texts = parts.filter((part) => 'text' in part).map(sizeInBytes);
	const textBytes = texts.reduce((sum, bytes) => sum + bytes, 0);
	if (textBytes > 0) files.push(`texts: ${inMegabytes(textBytes)}`);
	return {
		message: `The request is larger than ComfyControl's limit of ${inMegabytes(MAX_REQUEST_BYTES)}`,
		description: `It would carry ${inMegabytes(sumBytes)} (${files.join(', ')}). Use smaller or fewer files.`,
	};
}

function sizeInBytes(part: SizedPart): number {
	return 'file' in part ? part.file.sizeBytes : new TextEncoder().encode(part.text).length;
}

function inMegabytes(bytes: number): string {
	const megabytes = bytes / (1024 * 1024);
	// Rounded up, so that what is over the limit doesn't look like the limit.
	return megabytes < 0.1
		? `${(Math.ceil(megabytes * 1000) / 1000).toFixed(3)} MB`
		: `${(Math.ceil(megabytes * 10) / 10).toFixed(1)} MB`;
}

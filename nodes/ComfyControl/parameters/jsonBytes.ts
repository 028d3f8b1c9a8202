import { wrong, type Checked } from './types';

const SAVE_ADVICE = "Save it again as UTF-8, for example with 'Save as' > 'Encoding' in an editor.";

/**
 * Reads the bytes of a JSON file as text: UTF-8, or UTF-16 by its mark, as PowerShell and Notepad write
 * it. Any other encoding would have its letters altered on the way, so it is named instead.
 */
export function readJsonBytes(bytes: Uint8Array): Checked<string> {
	const picture = pictureOf(bytes);
	if (picture !== undefined)
		return wrong(`The file is a ${picture} picture, not JSON`, PICTURE_ADVICE);
	if (startsWith(bytes, 0xff, 0xfe, 0, 0) || startsWith(bytes, 0, 0, 0xfe, 0xff)) {
		return wrong('The file with the workflow JSON is UTF-32', SAVE_ADVICE);
	}
	if (startsWith(bytes, 0xff, 0xfe)) return decoded(bytes, 'utf-16le');
	if (startsWith(bytes, 0xfe, 0xff)) return decoded(withBytesSwapped(bytes), 'utf-16le');
	// Valid as UTF-8, but no JSON has a zero.
	if (bytes.subarray(0, 4).includes(0)) {
		return wrong(
			'The file with the workflow JSON is UTF-16 without a mark that says so',
			SAVE_ADVICE,
		);
	}
	return decoded(bytes, 'utf-8');
}

/** What to do with a picture where JSON is wanted. */
export const PICTURE_ADVICE =
	'The workflow inside a picture is not read. Open the picture in ComfyUI by dropping it there, then export the workflow as JSON in API format.';

const PICTURES: Array<[string, number[]]> = [
	['PNG', [0x89, 0x50, 0x4e, 0x47]],
	['JPEG', [0xff, 0xd8, 0xff]],
	['WebP', [0x52, 0x49, 0x46, 0x46]],
];

function pictureOf(bytes: Uint8Array): string | undefined {
	return PICTURES.find(([, beginning]) => startsWith(bytes, ...beginning))?.[0];
}

function startsWith(bytes: Uint8Array, ...beginning: number[]): boolean {
	return beginning.every((byte, at) => bytes[at] === byte);
}

function decoded(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le'): Checked<string> {
	try {
		return { value: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
	} catch {
		return encoding === 'utf-8'
			? wrong(
					'The file with the workflow JSON is not UTF-8, but something like Latin-1 or Windows-1252',
					SAVE_ADVICE,
				)
			: wrong('The file with the workflow JSON is marked as UTF-16, but is damaged', SAVE_ADVICE);
	}
}

function withBytesSwapped(bytes: Uint8Array): Uint8Array {
	const swapped = new Uint8Array(bytes.length - (bytes.length % 2));
	for (let at = 0; at < swapped.length; at += 2) {
		swapped[at] = bytes[at + 1];
		swapped[at + 1] = bytes[at];
	}
	return swapped;
}

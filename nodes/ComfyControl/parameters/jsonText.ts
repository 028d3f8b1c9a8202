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

/**
 * The text of one member of a JSON object, as it stands there: digits, white space and the order of
 * keys are its own, where parsing and writing it again would alter them.
 *
 * It goes from character to character, as a regular expression overflows on large texts.
 *
 * @param json valid JSON
 * @returns undefined when it is no object, or has no such member; of several the last, as in parsing
 */
export function memberText(json: string, name: string): string | undefined {
	let at = afterSpace(json, 0);
	if (json[at] !== '{') return undefined;
	let found: string | undefined;
	at = afterSpace(json, at + 1);
	while (json[at] === '"') {
		const keyEnd = afterString(json, at);
		const isWanted = JSON.parse(json.slice(at, keyEnd)) === name;
		// The colon comes next.
		const start = afterSpace(json, afterSpace(json, keyEnd) + 1);
		const end = afterValue(json, start);
		if (isWanted) found = json.slice(start, end).trimEnd();
		if (json[end] !== ',') break;
		at = afterSpace(json, end + 1);
	}
	return found;
}

/** Where a JSON string ends that begins at a place: after its closing quotation mark. */
export function afterString(json: string, start: number): number {
	for (let at = start + 1; at < json.length; at++) {
		if (json[at] === '\\') at++;
		else if (json[at] === '"') return at + 1;
	}
	return json.length;
}

// Up to the comma or bracket behind it.
function afterValue(json: string, start: number): number {
	let depth = 0;
	for (let at = start; at < json.length; ) {
		const character = json[at];
		if (character === '"') {
			at = afterString(json, at);
			continue;
		}
		if (character === '{' || character === '[') depth++;
		else if (character === '}' || character === ']') {
			if (depth === 0) return at;
			depth--;
		} else if (character === ',' && depth === 0) return at;
		at++;
	}
	return json.length;
}

function afterSpace(json: string, start: number): number {
	let at = start;
	while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
	return at;
}

import { withoutMarks } from './foreignText';

const UNSAFE = /[\p{Cc}\u2028\u2029\\/:*?"<>|]/gu;

/** The longest name that common disks take, in UTF-8. */
const MAX_BYTES = 255;

/**
 * A text from outside as the name of a file, safe to use on any disk: of 255 bytes at most, without control
 * characters and marks that make it look like another. Empty when nothing of it can be one.
 */
export function safeFileName(text: string): string {
	const name = shortened(withoutMarks(text).replace(UNSAFE, '_'));
	return name.replace(/^[.\s]+/, '').trimEnd();
}

/** The name of a file, from the path of its address. Empty when there is none. */
export function fileNameIn(address: string): string {
	const lastPart = URL.canParse(address) ? (new URL(address).pathname.split('/').pop() ?? '') : '';
	return safeFileName(percentDecoded(lastPart));
}

/** A text without its percent encoding, or as it is if that can't be read. */
export function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

// From the front, because the end says what kind of file it is.
function shortened(name: string): string {
	const bytes = Buffer.from(name);
	if (bytes.length <= MAX_BYTES) return name;
	// What is left of a character that the cut goes through is no character.
	return bytes
		.subarray(-MAX_BYTES)
		.toString()
		.replace(/^\ufffd+/, '');
}

import { withoutMarks } from '../basics/foreignText';

const UNSAFE = /[\p{Cc}\u2028\u2029\\/:*?"<>|]/gu;

/** The longest name that common disks take, in UTF-8. */
const MAX_BYTES = 255;

/**
 * The name of an output file, from the path of its link, safe to use on any disk: of 255 bytes at most,
 * without control characters and marks that make it look like another.
 *
 * @param position the file's place among the workflow's outputs, for a link without a name
 */
export function outputFileName(src: string, position: number): string {
	const lastPart = URL.canParse(src) ? (new URL(src).pathname.split('/').pop() ?? '') : '';
	const name = shortened(withoutMarks(decoded(lastPart)).replace(UNSAFE, '_'));
	return name.replace(/^[.\s]+/, '').trimEnd() || `output-${position + 1}`;
}

function decoded(text: string): string {
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

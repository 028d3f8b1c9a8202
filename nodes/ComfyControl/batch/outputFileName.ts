const UNSAFE = /[\p{Cc}\\/:*?"<>|]/gu;
const MAX_LENGTH = 200;

/**
 * The name of an output file, from the path of its link, safe to use on any disk.
 *
 * @param position the file's place among the workflow's outputs, for a link without a name
 */
export function outputFileName(src: string, position: number): string {
	const lastPart = URL.canParse(src) ? (new URL(src).pathname.split('/').pop() ?? '') : '';
	const name = decoded(lastPart).replace(UNSAFE, '_').replace(/^\.+/, '').trim();
	return name === '' ? `output-${position + 1}` : shortened(name);
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
	return name.length > MAX_LENGTH ? name.slice(-MAX_LENGTH) : name;
}

const UNSAFE = /[\p{Cc}\\/:*?"<>|]/gu;
const MAX_LENGTH = 200;

/** A text from outside as a file's name, safe to use on any disk. Empty when nothing of it can be one. */
export function safeFileName(text: string): string {
	const name = text.replace(UNSAFE, '_').replace(/^\.+/, '').trim();
	// From the front, because the end says what kind of file it is.
	return name.slice(-MAX_LENGTH);
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

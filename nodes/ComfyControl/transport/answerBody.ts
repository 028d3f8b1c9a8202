/** The largest answer that is read: a template of 50 MB comes back in one. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const TOO_LARGE = 'ANSWER_TOO_LARGE';

/** What an answer is read from. */
interface AnswerStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Reads an answer's body as text, unpacked as it came, and no more of it than there may be.
 *
 * @param isPartEnough whether a body that breaks off is of use as well, as far as it came
 * @throws RangeError with the code `ANSWER_TOO_LARGE` when there is more
 */
export async function readText(body: unknown, isPartEnough: boolean): Promise<string> {
	if (!isStream(body)) return typeof body === 'string' ? body : '';
	const chunks: Uint8Array[] = [];
	const reading = readInto(chunks, body);
	await (isPartEnough ? reading.catch(() => {}) : reading);
	return Buffer.concat(chunks).toString('utf8');
}

async function readInto(chunks: Uint8Array[], body: AnswerStream): Promise<void> {
	let bytes = 0;
	for await (const chunk of body) {
		bytes += chunk.length;
		if (bytes > MAX_ANSWER_BYTES) {
			body.destroy();
			throw Object.assign(new RangeError('The answer is too large'), { code: TOO_LARGE });
		}
		chunks.push(chunk);
	}
}

/** Whether a fault is that an answer was too large. */
export function isTooLarge(fault: unknown): boolean {
	return fault instanceof RangeError && 'code' in fault && fault.code === TOO_LARGE;
}

/** What a text means: its JSON, or the text itself if it is none. */
export function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function isStream(body: unknown): body is AnswerStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

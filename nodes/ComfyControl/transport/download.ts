import { blockOf, PROXY, shortFault, type Block } from './faults';
import { stopSignal, type FileContext } from './context';
import { BEGIN_MS, downloadDeadlineMs, endedInTime } from './ending';
import { requestFile, sentBytesOf, usefulTypeOf, type FileStream } from './fileRequest';

/** A file that comes, as its storage host tells of it. */
export interface Download {
	stream: FileStream;
	/** Unless it says nothing of use. */
	mimeType: string | undefined;
	/** How much is sent: of a file that comes packed that is not its size. */
	sentBytes: number | undefined;
}

/** Why a file did not come. */
export interface DownloadFault {
	fault: string;
	/** Whether a fresh link will not help. */
	isLasting: boolean;
	/** The next step, where it is another than usual. */
	advice?: string;
}

/**
 * Fetches an output file by its signed link, in a time that goes by its size. Nothing of the credential
 * goes along: the link is to another host, and signed.
 *
 * @param keep puts the file where n8n keeps it, and says how many bytes are there
 * @returns what `keep` gave, or the fault when the file did not come or is not there as a whole: for one
 * because the link has expired
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/outputs
 */
export async function downloadFile<Data extends { bytes: number }>(
	context: FileContext,
	url: string,
	keep: (file: Download) => Promise<Data>,
): Promise<{ data: Data } | DownloadFault> {
	if (!isWebAddress(url)) return { fault: 'the link is no web address', isLasting: true };
	try {
		return await endedInTime(stopSignal(context), BEGIN_MS, async (signal, give) => {
			const file = await open(context, url, signal);
			if ('fault' in file) return file;
			give(downloadDeadlineMs(file.sentBytes));
			return await keptAsAWhole(file, keep, signal);
		});
	} catch (fault) {
		return explained(fault);
	}
}

async function open(
	context: FileContext,
	url: string,
	abortSignal: AbortSignal,
): Promise<Download | DownloadFault> {
	const answer = await requestFile(context, url, abortSignal);
	const { statusCode, headers, body } = answer;
	const refused = refusal(statusCode, String(headers['content-type']), new URL(url).pathname);
	if (refused) {
		letGo(body);
		return refused;
	}
	return { stream: body, mimeType: usefulTypeOf(answer), sentBytes: sentBytesOf(answer) };
}

function refusal(statusCode: number, type: string, path: string): DownloadFault | undefined {
	if (statusCode === 407) return blocked(PROXY, ' (HTTP 407)');
	if (statusCode !== 200) return { fault: `HTTP ${statusCode}`, isLasting: false };
	// Some storage says that a link has expired with an answer like any other.
	if (!MARKUP.test(type) || MARKUP_FILE.test(path)) return undefined;
	const what = /html/i.test(type) ? 'a web page' : 'an XML message';
	return { fault: `${what} came instead of the file`, isLasting: false };
}

const MARKUP = /^\s*(text\/html|application\/xhtml\+xml|(application|text)\/xml)\b/i;
const MARKUP_FILE = /\.(x?html?|xml|svg|dae|x3d)$/i;

async function keptAsAWhole<Data extends { bytes: number }>(
	file: Download,
	keep: (file: Download) => Promise<Data>,
	signal: AbortSignal,
): Promise<{ data: Data } | DownloadFault> {
	const { stream } = file;
	let cameBytes = 0;
	// Counts what is read without starting to read, as `on` would.
	stream.prependListener('data', ({ length }: Uint8Array) => (cameBytes += length));
	try {
		const data = await keep(file);
		const fault = faultOf(file, data.bytes, cameBytes);
		return fault === undefined ? { data } : { fault, isLasting: false };
	} catch (fault) {
		const isCutOff = stream.errored !== null;
		letGo(stream);
		if (signal.aborted) return explained(signal.reason);
		// Without a fault of the connection it is n8n that can't keep the file.
		return isCutOff ? explained(fault) : { fault: shortFault(fault), isLasting: true };
	}
}

function faultOf(
	{ stream, mimeType = '' }: Download,
	keptBytes: number,
	cameBytes: number,
): string | undefined {
	if (stream.errored) return shortFault(stream.errored);
	if (!stream.readableEnded) return 'it was not read to its end';
	if (keptBytes !== cameBytes) return `${keptBytes} of ${cameBytes} bytes`;
	const isEmpty = cameBytes === 0 && !/^text\//i.test(mimeType);
	return isEmpty ? 'it came empty' : undefined;
}

function explained(fault: unknown): DownloadFault {
	const block = blockOf(fault);
	if (block) return blocked(block);
	const short = shortFault(fault);
	const isLate = /^(ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT)$/.test(short);
	return { fault: isLate ? `it did not come in time, ${short}` : short, isLasting: false };
}

function blocked({ by, advice }: Block, how = ''): DownloadFault {
	return { fault: `${by} blocks it${how}`, isLasting: true, advice };
}

function isWebAddress(url: string): boolean {
	return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Closes the connection of a file that is not read to its end. */
function letGo(stream: FileStream): void {
	// It lets go of its connection only once it has been read from.
	stream.once('error', () => {}).read();
	stream.destroy();
}

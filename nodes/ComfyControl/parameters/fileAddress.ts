import { fileNameIn, percentDecoded, safeFileName } from '../basics/fileName';
import { foreignText } from '../basics/foreignText';
import { PROXY, type Block } from '../transport/faults';
import { TOO_LARGE, type AboutFile } from '../transport/fetchFile';
import { sentBytesOf, usefulTypeOf, type FileAnswer } from '../transport/fileRequest';
import { MAX_REQUEST_BYTES } from './size';
import { wrong, type Checked, type Problem } from './types';

const ADDRESS = /^\s*(https?:\/\/|data:[^,]*,)/i;
const DATA_URL = /^\s*data:/i;
const LONGEST_SHOWN = 200;

const SIGN_IN_ADVICE =
	'It wants a sign-in, or the link has expired. Fetch the file before this node with one that may, such as HTTP Request with a credential, and enter its binary field.';
const PAGE_ADVICE =
	"The address has to lead to the file itself. The share link of a drive opens a page around it: use that drive's node before this one, such as Google Drive with the operation Download, and enter its binary field. A link of Dropbox gives the file when it ends with dl=1.";
const REACH_ADVICE =
	'Check the address, that your n8n can reach it, and that n8n has room for the file.';

/** Whether what names a file says where it is, on the web or as a data URL, and is no field's name. */
export function isFileAddress(input: string): boolean {
	return ADDRESS.test(input);
}

/** A web address as an error may show it: without what signs in, which may stand before the host or behind the path. */
export function shownAddress(address: string): string {
	if (!URL.canParse(address)) return `'${foreignText(address, { max: LONGEST_SHOWN })}'`;
	const { origin, pathname, search } = new URL(address);
	return foreignText(`${origin}${pathname}${search && '?…'}`, { max: LONGEST_SHOWN });
}

/** What is to be fetched, or undefined for a data URL, which holds its file itself. */
export function webAddressIn(input: string): Checked<string> | undefined {
	if (DATA_URL.test(input)) return undefined;
	const address = input.trim();
	return URL.canParse(address)
		? { value: new URL(address).href }
		: wrong('that is no valid address', 'Check it: it has to look like https://example.com/a.png.');
}

/** The file that a data URL holds. Without a type, the bytes have to say what it is. */
export function fileInDataUrl(url: string): { bytes: Buffer; mimeType: string | undefined } {
	const address = url.trim();
	const comma = address.indexOf(',');
	const [type, ...parameters] = address.slice(0, comma).replace(DATA_URL, '').split(';');
	// As bytes, since what is encoded need not be text.
	const content = Buffer.from(address.slice(comma + 1))
		.toString('latin1')
		.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
	const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
	return {
		bytes: Buffer.from(content, isBase64 ? 'base64' : 'latin1'),
		mimeType: type.trim() || undefined,
	};
}

/**
 * The name and type of the file that an address answers with: the name from the answer, else from the
 * address; the type from the answer, else it goes by the name.
 *
 * @returns what came, if it is no file or too large
 */
export function fileInAnswer(answer: FileAnswer, address: string): Checked<AboutFile> {
	const { statusCode, headers } = answer;
	if (statusCode === 407) return { problem: notFetched('HTTP 407', PROXY) };
	if (statusCode !== 200) return wrong(`HTTP ${statusCode}`, adviceFor(statusCode));
	const { 'content-disposition': disposition } = headers;
	const type = usefulTypeOf(answer);
	const isAttachment = typeof disposition === 'string' && /^\s*attachment/i.test(disposition);
	if (/^(text\/html|application\/xhtml\+xml)$/i.test(type ?? '') && !isAttachment) {
		return wrong('a web page came, not a file', PAGE_ADVICE);
	}
	if ((sentBytesOf(answer) ?? 0) > MAX_REQUEST_BYTES) return { problem: tooLarge() };
	const fileName = safeFileName(nameIn(disposition)) || fileNameIn(address) || 'file';
	if (type !== undefined) return { value: { fileName, mimeType: type } };
	// Of a name without an extension n8n would make a text.
	const mimeType = fileName.includes('.') ? undefined : 'application/octet-stream';
	return { value: { fileName, mimeType } };
}

/** Why a file did not come, from the fault in a word. */
export function notFetched(fault: string, block?: Block): Problem {
	if (fault === TOO_LARGE) return tooLarge();
	if (block) {
		const another = block === PROXY ? '' : 'Use an address on the internet. ';
		return { message: `${block.by} blocks it`, description: `${another}${block.advice}` };
	}
	const isLate = /^(ETIMEDOUT|ECONNABORTED)$/.test(fault);
	const message = isLate ? 'it did not come in time' : `the request failed (${fault})`;
	return { message, description: REACH_ADVICE };
}

function tooLarge(): Problem {
	return {
		message: 'it is larger than 50 MB',
		description: 'ComfyControl takes 50 MB in one request. Use a smaller file.',
	};
}

function adviceFor(statusCode: number): string {
	if (statusCode === 401 || statusCode === 403) return SIGN_IN_ADVICE;
	if (statusCode === 404 || statusCode === 410)
		return 'Nothing is there. Check the address for mistakes: the file may have been moved or deleted.';
	return 'Open the address in a browser to see what is there, and try again later.';
}

/** @see https://www.rfc-editor.org/rfc/rfc6266 */
function nameIn(disposition: unknown): string {
	if (typeof disposition !== 'string') return '';
	const [, encoded] = /(?:^|[;\s])filename\*\s*=\s*[\w-]+'[^']*'([^;\s]+)/i.exec(disposition) ?? [];
	if (encoded !== undefined) return percentDecoded(encoded);
	const [, quoted, plain = ''] =
		/(?:^|[;\s])filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]+))/i.exec(disposition) ?? [];
	return percentDecoded(asUtf8(quoted?.replace(/\\(.)/g, '$1') ?? plain.trim()));
}

// Headers are read as Latin-1, but many servers write names as they are.
function asUtf8(header: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'));
	} catch {
		return header;
	}
}

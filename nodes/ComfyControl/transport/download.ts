import type { IExecuteFunctions } from 'n8n-workflow';

import { stopSignal, type FileContext } from './context';
import { USER_AGENT } from './request';
import { IDLE_TIMEOUT_MS } from './timeouts';

type StoredData = Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0];

export interface Download {
	stream: StoredData;
	/** As the storage host says, if it says something of use. */
	mimeType: string | undefined;
	sizeBytes: number | undefined;
}

/**
 * Opens a signed link to an output file. Nothing of the credential goes along: the link is to another
 * host, and signed.
 *
 * @returns the fault when the link can't be opened, for one because it has expired
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/outputs
 */
export async function openDownload(
	context: FileContext,
	url: string,
): Promise<Download | { fault: string }> {
	if (!/^https?:/i.test(url)) return { fault: 'the link is no web address' };
	try {
		const { statusCode, headers, body } = await context.helpers.httpRequest({
			method: 'GET',
			url,
			// The size of a compressed body says nothing of the file's.
			headers: { 'Accept-Encoding': 'identity', 'User-Agent': USER_AGENT },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			sendCredentialsOnCrossOriginRedirect: false,
			timeout: IDLE_TIMEOUT_MS.download,
			abortSignal: stopSignal(context),
		});
		if (statusCode !== 200) {
			letGo(body);
			return { fault: `HTTP ${statusCode}` };
		}
		const length = Number(headers['content-length']);
		return {
			stream: body,
			mimeType: usefulType(headers['content-type']),
			sizeBytes: Number.isNaN(length) ? undefined : length,
		};
	} catch (fault) {
		return { fault: shortFault(fault) };
	}
}

/** Closes the connection of a file that is not read to its end. */
export function letGo(stream: StoredData): void {
	if (Buffer.isBuffer(stream)) return;
	// It lets go of its connection only once it has been read from.
	stream.once('error', () => {}).read();
	stream.destroy();
}

/** A fault in a word or a few: its code, or else what it says. */
export function shortFault(fault: unknown): string {
	if (!(fault instanceof Error)) return String(fault);
	const { cause } = fault;
	const codes = [fault, cause].flatMap((each) =>
		each instanceof Error && 'code' in each && typeof each.code === 'string' ? each.code : [],
	);
	return codes.at(0) ?? fault.message;
}

function usefulType(contentType: unknown): string | undefined {
	if (typeof contentType !== 'string') return undefined;
	const [type] = contentType.split(';');
	return /^(application|binary)\/octet-stream$/i.test(type.trim()) ? undefined : type.trim();
}

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
 * @returns undefined when the link can't be opened, for one because it has expired
 * @see https://docs.comfycontrol.app/api/endpoints/workflows/outputs
 */
export async function openDownload(
	context: FileContext,
	url: string,
): Promise<Download | undefined> {
	if (!/^https?:/i.test(url)) return undefined;
	try {
		const { statusCode, headers, body } = await context.helpers.httpRequest({
			method: 'GET',
			url,
			// What is compressed on the way could not be compared with the size that is told of it.
			headers: { 'Accept-Encoding': 'identity', 'User-Agent': USER_AGENT },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			sendCredentialsOnCrossOriginRedirect: false,
			timeout: IDLE_TIMEOUT_MS.download,
			abortSignal: stopSignal(context),
		});
		if (statusCode !== 200) {
			// It lets go of its connection only once it has been read from.
			body.once('error', () => {}).read();
			body.destroy();
			return undefined;
		}
		const length = Number(headers['content-length']);
		return {
			stream: body,
			mimeType: usefulType(headers['content-type']),
			sizeBytes: headers['content-encoding'] || Number.isNaN(length) ? undefined : length,
		};
	} catch {
		return undefined;
	}
}

function usefulType(contentType: unknown): string | undefined {
	if (typeof contentType !== 'string') return undefined;
	const [type] = contentType.split(';');
	return /^(application|binary)\/octet-stream$/i.test(type.trim()) ? undefined : type.trim();
}

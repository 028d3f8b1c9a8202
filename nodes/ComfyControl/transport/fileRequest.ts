import type { IExecuteFunctions } from 'n8n-workflow';

import type { FileContext } from './context';
import { USER_AGENT } from './request';
import { IDLE_TIMEOUT_MS } from './ending';

/** A file as it comes. */
export type FileStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer<ArrayBufferLike>
>;

/** The beginning of what an address answers. */
export interface FileAnswer {
	statusCode: number;
	headers: Record<string, unknown>;
}

/**
 * Asks an address for a file, by n8n's own helper, which follows redirects, and knows of proxies and of addresses
 * that are not to be reached. Nothing of the credential goes along, nor to where it redirects.
 *
 * @returns the answer once it has begun, whatever its status is
 */
export async function requestFile(
	context: FileContext,
	url: string,
	abortSignal: AbortSignal,
): Promise<FileAnswer & { body: FileStream }> {
	return await context.helpers.httpRequest({
		method: 'GET',
		url,
		// Of an address that has a file in several forms JSON would be n8n's choice.
		headers: { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': USER_AGENT },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		sendCredentialsOnCrossOriginRedirect: false,
		timeout: IDLE_TIMEOUT_MS.download,
		abortSignal,
	});
}

/** How much is sent, if that is told: of a file that comes packed that is not its size. */
export function sentBytesOf({ headers }: FileAnswer): number | undefined {
	const bytes = Number(headers['content-length']);
	return Number.isNaN(bytes) ? undefined : bytes;
}

/** The type of the file, unless it says nothing of use. */
export function usefulTypeOf({ headers }: FileAnswer): string | undefined {
	const { 'content-type': contentType } = headers;
	const type = typeof contentType === 'string' ? contentType.split(';')[0].trim() : '';
	return type === '' || /^(application|binary)\/octet-stream$/i.test(type) ? undefined : type;
}

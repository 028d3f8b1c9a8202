import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import type { Checked } from '../basics/problem';
import { nowMs, pause } from '../basics/time';
import { blockOf, type Block } from './blocks';
import { stopSignal } from './context';
import { endedInTime, transferDeadlineMs } from './deadline';
import { shortFault } from './download';
import { USER_AGENT } from './request';
import { readPauseMs } from './retries';
import { throwIfStopped } from './stopping';
import { IDLE_TIMEOUT_MS } from './timeouts';

/** The beginning of what an address answers. */
export interface FileAnswer {
	statusCode: number;
	headers: Record<string, unknown>;
}

/** What a file is kept as. */
export interface AboutFile {
	fileName: string;
	/** Undefined to go by the name. */
	mimeType: string | undefined;
}

/** What became of fetching a file: it is in n8n's store, is none, or did not come, with the fault in a word or a few. */
export type Fetched = Checked<IBinaryData> | { fault: string; block?: Block };

/** The fault of a file that is larger than it may be. */
export const TOO_LARGE = 'EFBIG';

/** Faults of a connection that may hold next time. */
const PASSING = /^(ECONNRESET|EPIPE|EAI_AGAIN)$/;

type Stream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer<ArrayBufferLike>
>;

/**
 * Fetches a file from an address of the user's into n8n's store, by n8n's own helper, which knows of proxies
 * and of addresses that are not to be reached. Nothing of the credential goes along, nor to where it redirects.
 *
 * @param maxBytes how large it may be
 * @param aboutFile what to keep it as, or why not
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function fetchFile(
	context: IExecuteFunctions,
	url: string,
	maxBytes: number,
	aboutFile: (answer: FileAnswer) => Checked<AboutFile>,
): Promise<Fetched> {
	for (let attempts = 1; ; attempts++) {
		const { fetched, mayPass } = await attempt(context, url, maxBytes, aboutFile);
		throwIfStopped(context);
		const pauseMs = mayPass ? readPauseMs(attempts) : undefined;
		if (pauseMs === undefined) return fetched;
		await pause(pauseMs, stopSignal(context));
	}
}

async function attempt(
	context: IExecuteFunctions,
	url: string,
	maxBytes: number,
	aboutFile: (answer: FileAnswer) => Checked<AboutFile>,
): Promise<{ fetched: Fetched; mayPass: boolean }> {
	const end = new AbortController();
	const startedMs = nowMs();
	try {
		return await endedInTime(stopSignal(context), transferDeadlineMs(maxBytes), async (signal) => {
			const { statusCode, headers, body } = await context.helpers.httpRequest({
				method: 'GET',
				url,
				// Of an address that has a file in several forms JSON would be n8n's choice.
				headers: { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': USER_AGENT },
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				sendCredentialsOnCrossOriginRedirect: false,
				timeout: IDLE_TIMEOUT_MS.download,
				abortSignal: AbortSignal.any([signal, end.signal]),
			});
			const about = aboutFile({ statusCode, headers });
			if ('problem' in about) {
				return { fetched: about, mayPass: statusCode === 429 || statusCode >= 500 };
			}
			const { fileName, mimeType } = about.value;
			const file = bounded(body, maxBytes);
			const value = await context.helpers.prepareBinaryData(file, fileName, mimeType);
			return { fetched: { value }, mayPass: false };
		});
	} catch (error) {
		const fault = faultOf(error);
		// A connection that was given up looks like one that broke.
		const isQuick = nowMs() - startedMs < IDLE_TIMEOUT_MS.download;
		return { fetched: { fault, block: blockOf(error) }, mayPass: isQuick && PASSING.test(fault) };
	} finally {
		// Whatever has not been read of it.
		end.abort();
	}
}

function faultOf(error: unknown): string {
	if (!isRecord(error)) return shortFault(error);
	return typeof error.code === 'string' ? error.code : shortFault(error);
}

// Whatever the headers say: a size may be missing, and what comes packed is unpacked on the way.
function bounded(stream: Stream, maxBytes: number): Stream {
	let bytes = 0;
	return stream.map((chunk: Uint8Array) => {
		bytes += chunk.length;
		if (bytes > maxBytes) throw Object.assign(new RangeError('Too large'), { code: TOO_LARGE });
		return chunk;
	});
}

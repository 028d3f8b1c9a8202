import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { isRecord } from '../basics/guards';
import type { Checked } from '../basics/problem';
import { nowMs, pause } from '../basics/time';
import { blockOf, shortFault, type Block } from './faults';
import { stopSignal } from './context';
import {
	BEGIN_MS,
	downloadDeadlineMs,
	endedInTime,
	IDLE_TIMEOUT_MS,
	throwIfStopped,
} from './ending';
import { requestFile, sentBytesOf, type FileAnswer, type FileStream } from './fileRequest';
import { readPauseMs } from './retries';

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

/**
 * Fetches a file from an address of the user's into n8n's store, in a time that goes by its size.
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
		return await endedInTime(stopSignal(context), BEGIN_MS, async (signal, give) => {
			const either = AbortSignal.any([signal, end.signal]);
			const answer = await requestFile(context, url, either);
			const about = aboutFile(answer);
			if ('problem' in about) {
				const { statusCode } = answer;
				return { fetched: about, mayPass: statusCode === 429 || statusCode >= 500 };
			}
			give(downloadDeadlineMs(sentBytesOf(answer), maxBytes));
			const { fileName, mimeType } = about.value;
			const file = bounded(answer.body, maxBytes);
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
function bounded(stream: FileStream, maxBytes: number): FileStream {
	let bytes = 0;
	return stream.map((chunk: Uint8Array) => {
		bytes += chunk.length;
		if (bytes > maxBytes) throw Object.assign(new RangeError('Too large'), { code: TOO_LARGE });
		return chunk;
	});
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server for developers, never part of the node */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import { parsedJson } from './json';
import { maxBodyBytes } from './limits';
import { multipartParser } from './multipart';
import type { ReceivedField, ReceivedFile } from './requestLog';

/** What was found in a body. Its problem is kept and not thrown: the token is judged first. */
export interface ReceivedBody {
	fields: ReceivedField[];
	files: ReceivedFile[];
	json?: unknown;
	problem?: 'tooLarge' | 'malformed';
}

/** Takes a body bit by bit and puts what it finds into a ReceivedBody. */
export interface BodyParser {
	write(chunk: Buffer): void;
	end(): Promise<void>;
}

/** Reads a body to its end, also a refused one, so that the client gets to read the answer. */
export async function readBody(
	headers: IncomingHttpHeaders,
	source: Readable,
): Promise<ReceivedBody> {
	const body: ReceivedBody = { fields: [], files: [] };
	const parser = multipartParser(headers, body) ?? jsonParser(headers, body);
	let sizeBytes = 0;
	for await (const chunk of source) {
		if (!Buffer.isBuffer(chunk)) throw new TypeError('Expected bytes');
		sizeBytes += chunk.length;
		if (sizeBytes > maxBodyBytes) body.problem = 'tooLarge';
		if (!body.problem) parser?.write(chunk);
	}
	if (!body.problem && sizeBytes > 0) await parser?.end();
	return body;
}

function jsonParser(headers: IncomingHttpHeaders, body: ReceivedBody): BodyParser | undefined {
	if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return undefined;
	const chunks: Buffer[] = [];
	return {
		write: (chunk) => void chunks.push(chunk),
		end: async () => {
			body.json = parsedJson(Buffer.concat(chunks).toString());
			if (body.json === undefined) body.problem = 'malformed';
		},
	};
}

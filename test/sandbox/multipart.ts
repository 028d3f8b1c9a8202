/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server for developers, never part of the node */
import busboy from 'busboy';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import type { BodyParser, ReceivedBody } from './body';
import { maxBodyBytes } from './limits';

/** Feeds busboy, an independent parser, and collects what it finds into `body`. */
export function multipartParser(
	headers: IncomingHttpHeaders,
	body: ReceivedBody,
): BodyParser | undefined {
	if (!isMultipart(headers)) return undefined;
	const parser = openParser(headers);
	if (!parser) {
		body.problem = 'malformed';
		return undefined;
	}

	const done = new Promise<void>((resolve) => {
		parser.on('close', resolve);
		parser.on('error', () => {
			body.problem ??= 'malformed';
			resolve();
		});
	});
	parser.on('field', (name, value) => body.fields.push({ name, value }));
	parser.on('file', (fieldName, stream, { filename, mimeType }) => {
		// The type says string, but a part of type application/octet-stream may come without a name.
		const fileName: string | undefined = filename;
		collectFile(stream, (content) =>
			body.files.push({
				fieldName,
				fileName,
				mimeType,
				sizeBytes: content.length,
				sha256: createHash('sha256').update(content).digest('hex'),
				content,
			}),
		);
	});

	return {
		write: (chunk) => void parser.write(chunk),
		end: async () => {
			parser.end();
			await done;
		},
	};
}

export function isMultipart(headers: IncomingHttpHeaders): boolean {
	return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
}

/** Nothing may be shortened: what a client sent is what tests get to see. */
function openParser(headers: IncomingHttpHeaders): busboy.Busboy | undefined {
	try {
		return busboy({
			headers,
			preservePath: true,
			defParamCharset: 'utf8',
			limits: {
				fieldNameSize: maxBodyBytes,
				fieldSize: 60 * 1024 * 1024,
				fields: Infinity,
				fileSize: Infinity,
				files: Infinity,
				parts: Infinity,
			},
		});
	} catch {
		return undefined;
	}
}

function collectFile(stream: Readable, done: (content: Buffer) => void): void {
	const chunks: Buffer[] = [];
	stream.on('data', (chunk: Buffer) => chunks.push(chunk));
	stream.on('end', () => done(Buffer.concat(chunks)));
	stream.on('error', () => undefined);
}

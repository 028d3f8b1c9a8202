/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server for developers, never part of the node */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import type { Fault, Faults, Host } from './faults';
import { htmlPage } from './pages';
import { receivedRequest, type ReceivedRequest } from './requestLog';

const slowBodyMs = 1000;
const slowBodyPieces = 10;

declare module 'fastify' {
	interface FastifyRequest {
		received: ReceivedRequest;
		/** False when the rate limit refuses it. */
		admitted: boolean;
		fault: Fault | undefined;
	}
}

interface Watch {
	host: Host;
	log: ReceivedRequest[];
	faults: Faults;
	now: () => number;
	/** Counts the request and says whether it may be processed. */
	admit: () => boolean;
}

/** Logs every request of a server, counts it, and lets the ordered faults happen to it. */
export function watch(app: FastifyInstance, { host, log, faults, now, admit }: Watch): void {
	app.addHook('onRequest', async (request, reply) => {
		const received = receivedRequest(request.raw, now());
		log.push(received);
		request.received = received;
		request.admitted = admit();
		if (!request.admitted) return;
		request.fault = faults.take(host, received.method, received.path);
		if (request.fault?.kind === 'early') await answerJson(request.fault, reply);
		if (request.fault?.kind === 'resetBefore') {
			reply.hijack();
			request.raw.socket.destroy();
		}
	});

	// Not before the body was read, so that the log shows what was sent.
	app.addHook('preHandler', async (request, reply) => {
		if (request.fault) await answerInstead(request.fault, reply);
	});

	app.addHook('onSend', async (request, reply, payload: unknown) => {
		const { fault, received } = request;
		const nobodyListens = fault?.kind === 'resetAfter' || request.raw.socket.destroyed;
		if (!nobodyListens) received.status = fault?.status ?? reply.statusCode;
		return fault ? spoil(fault, request, reply, payload) : payload;
	});
}

/** The faults that keep a request from being processed. */
async function answerInstead(fault: Fault, reply: FastifyReply): Promise<void> {
	if (fault.kind === 'hang') reply.hijack();
	if (fault.kind === 'http') await answerJson(fault, reply);
	if (fault.kind === 'html') {
		const status = fault.status ?? 502;
		const page = typeof fault.body === 'string' ? fault.body : htmlPage(status, 'Bad gateway');
		await reply.code(status).type('text/html; charset=UTF-8').send(page);
	}
}

async function answerJson(fault: Fault, reply: FastifyReply): Promise<void> {
	const status = fault.status ?? 500;
	await reply.code(status).send(fault.body ?? { status, message: 'internal server error' });
}

/** The faults that hit the answer to a request that was processed. */
function spoil(fault: Fault, request: FastifyRequest, reply: FastifyReply, payload: unknown) {
	const bytes = bytesOf(payload);
	const { socket } = request.raw;
	if (fault.status !== undefined) reply.code(fault.status);
	if (fault.headers) reply.headers(fault.headers);

	switch (fault.kind) {
		case 'resetAfter':
			socket.destroy();
			return payload;
		case 'slowBody':
			reply.header('content-length', bytes.length);
			return Readable.from(dribble(bytes), { objectMode: false });
		case 'truncatedBody':
			reply.header('content-length', bytes.length);
			return Readable.from(
				breakOff(bytes, () => socket.destroy()),
				{ objectMode: false },
			);
		case 'invalidJson':
			return replaceBody(reply, '{"id": "b2c3d4e5-f6a7');
		case 'emptyBody':
			return replaceBody(reply, '');
		default:
			return payload;
	}
}

function replaceBody(reply: FastifyReply, body: string): string {
	reply.header('content-length', body.length);
	return body;
}

async function* dribble(bytes: Buffer): AsyncGenerator<Buffer> {
	const pieceLength = Math.max(1, Math.ceil(bytes.length / slowBodyPieces));
	for (let start = 0; start < bytes.length; start += pieceLength) {
		await pause(slowBodyMs / slowBodyPieces);
		yield bytes.subarray(start, start + pieceLength);
	}
}

async function* breakOff(bytes: Buffer, disconnect: () => void): AsyncGenerator<Buffer> {
	yield bytes.subarray(0, Math.floor(bytes.length / 2));
	// Time for the first half to reach the client.
	await pause(20);
	disconnect();
}

function bytesOf(payload: unknown): Buffer {
	if (Buffer.isBuffer(payload)) return payload;
	return Buffer.from(typeof payload === 'string' ? payload : '');
}

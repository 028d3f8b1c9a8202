/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server for developers, never part of the node */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

import type { SandboxClock } from './clock';
import type { Fault, Faults, Host } from './faults';
import { htmlPage } from './pages';
import { receivedRequest, type ReceivedRequest } from './requestLog';
import type { Network } from './types';

const slowBodyMs = 1000;
const slowBodyPieces = 10;
const dripMs = 5000;

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
	clock: SandboxClock;
	now: () => number;
	network: Network;
	/** Counts the request and says whether it may be processed. */
	admit: () => boolean;
}

/** Logs every request of a server, counts it, and lets the ordered faults happen to it. */
export function watch(
	app: FastifyInstance,
	{ host, log, faults, clock, now, network, admit }: Watch,
): void {
	const connected = new WeakSet<Socket>();
	const answerMs = host === 'api' ? network.answerMs : network.downloadMs;
	const hold = async ({ raw: { socket } }: FastifyRequest, durationMs: number) => {
		if (durationMs > 0) await clock.hold(socket, durationMs);
	};

	app.addHook('onRequest', async (request, reply) => {
		const { socket } = request.raw;
		if (!connected.has(socket)) await hold(request, network.connectMs);
		connected.add(socket);
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
		if (request.fault?.kind === 'hang') {
			reply.hijack();
			await clock.hold(request.raw.socket, Infinity);
		} else if (request.fault) await answerInstead(request.fault, reply);
	});

	app.addHook('onSend', async (request, reply, payload: unknown) => {
		const { fault, received } = request;
		const nobodyListens = fault?.kind === 'resetAfter' || request.raw.socket.destroyed;
		if (!nobodyListens) received.status = fault?.status ?? reply.statusCode;
		await hold(request, answerMs);
		reply.header('date', new Date(now()).toUTCString());
		return fault ? spoil(fault, request, reply, payload, hold) : payload;
	});
}

type Hold = (request: FastifyRequest, durationMs: number) => Promise<void>;

/** The faults that keep a request from being processed. */
async function answerInstead(fault: Fault, reply: FastifyReply): Promise<void> {
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
function spoil(
	fault: Fault,
	request: FastifyRequest,
	reply: FastifyReply,
	payload: unknown,
	hold: Hold,
) {
	const inPieces = (pieceLength: number, everyMs: number) => {
		reply.header('content-length', bytes.length);
		const wait = async () => await hold(request, everyMs);
		return Readable.from(dribble(bytes, pieceLength, wait), { objectMode: false });
	};
	const bytes = bytesOf(payload);
	const { socket } = request.raw;
	if (fault.status !== undefined) reply.code(fault.status);
	if (fault.headers) reply.headers(fault.headers);

	switch (fault.kind) {
		case 'resetAfter':
			socket.destroy();
			return payload;
		case 'slowBody':
			return inPieces(Math.ceil(bytes.length / slowBodyPieces), slowBodyMs / slowBodyPieces);
		case 'drip':
			return inPieces(1, dripMs);
		case 'truncatedBody':
			reply.header('content-length', bytes.length);
			return Readable.from(
				breakOff(bytes, async () => {
					// Time for the first half to reach the client.
					await hold(request, 20);
					socket.destroy();
				}),
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

async function* dribble(
	bytes: Buffer,
	pieceLength: number,
	wait: () => Promise<void>,
): AsyncGenerator<Buffer> {
	for (let start = 0; start < bytes.length; start += pieceLength) {
		await wait();
		yield bytes.subarray(start, start + pieceLength);
	}
}

async function* breakOff(bytes: Buffer, disconnect: () => Promise<void>): AsyncGenerator<Buffer> {
	yield bytes.subarray(0, Math.floor(bytes.length / 2));
	await disconnect();
}

function bytesOf(payload: unknown): Buffer {
	if (Buffer.isBuffer(payload)) return payload;
	return Buffer.from(typeof payload === 'string' ? payload : '');
}

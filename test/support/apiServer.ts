/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server to send requests to, never part of the node */
import { once } from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type Server,
	type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';

import { clock } from './clock';

interface Received {
	method: string | undefined;
	url: string | undefined;
	headers: IncomingHttpHeaders;
	body: string;
}

/** Answers a request. */
export type Answering = (response: ServerResponse) => void;

/** An API that answers as a test wants it to. */
export class ApiServer {
	/** What it received since the last reset, without requests that were broken off. */
	requests: Received[] = [];

	readonly #answers: Answering[] = [];

	#otherwise: Answering = ok({ id: '1' });

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {
		server.on('request', async (request, response) => {
			const { method, url: path, headers } = request;
			const body = await text(request).catch(() => undefined);
			if (body === undefined) return;
			this.requests.push({ method, url: path, headers, body });
			(this.#answers.shift() ?? this.#otherwise)(response);
		});
	}

	/** Listens on a free port of this machine. */
	static async start(): Promise<ApiServer> {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port to be had');
		return new ApiServer(server, `http://127.0.0.1:${address.port}`);
	}

	/** Answers the next requests like this, one each. */
	next(...answers: Answering[]): void {
		this.#answers.push(...answers);
	}

	/** Answers all other requests like this. */
	always(answer: Answering): void {
		this.#otherwise = answer;
	}

	/** Forgets everything. */
	reset(): void {
		this.requests = [];
		this.#answers.length = 0;
		this.#otherwise = ok({ id: '1' });
	}

	/** Closes every connection. */
	stop(): void {
		this.server.close();
		this.server.closeAllConnections();
	}
}

/** Answers with JSON. */
export function ok(body: unknown): Answering {
	return status(200, body);
}

/** Answers with a status, and with JSON if there is a body. */
export function status(
	statusCode: number,
	body?: unknown,
	headers: Record<string, string> = {},
): Answering {
	return (response) => {
		response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
		response.end(body === undefined ? undefined : JSON.stringify(body));
	};
}

/** Breaks the connection off. */
export const reset: Answering = (response) => {
	response.destroy();
};

/** Never answers. */
export const hang: Answering = (response) => {
	if (response.socket) void clock.hold(response.socket, Infinity);
};

/** Answers after a while. */
export function after(durationMs: number, answer: Answering): Answering {
	return (response) => {
		if (response.socket) {
			void clock.hold(response.socket, durationMs).then(() => answer(response));
		}
	};
}

/** Answers with a byte every five seconds, for ever. */
export const drip: Answering = (response) => {
	response.writeHead(200, { 'content-type': 'application/json' });
	const next = async (): Promise<void> => {
		if (response.socket === null || response.socket.destroyed) return;
		response.write(' ');
		await clock.hold(response.socket, 5_000);
		await next();
	};
	void next();
};

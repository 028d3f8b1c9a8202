/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a server to fetch files from, never part of the node */
import { once } from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type OutgoingHttpHeaders,
	type Server,
} from 'node:http';
import type { Socket } from 'node:net';

import type { Answering } from './apiServer';
import { clock } from './clock';

interface Asked {
	url: string;
	headers: IncomingHttpHeaders;
}

/** A place on the web that files are fetched from. */
export class FileServer {
	/** What was asked for since the last reset. */
	requests: Asked[] = [];

	/** How many answers were under way at once, at most. */
	mostAtOnce = 0;

	readonly #answers = new Map<string, Answering[]>();

	readonly #connections = new Set<Socket>();

	#underWay = 0;

	private constructor(
		private readonly server: Server,
		readonly origin: string,
	) {
		server.on('connection', (connection) => {
			this.#connections.add(connection);
			connection.once('close', () => this.#connections.delete(connection));
		});
		server.on('request', ({ url = '/', headers }, response) => {
			this.requests.push({ url, headers });
			this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#underWay);
			response.once('close', () => this.#underWay--);
			const [answer = nothingThere, ...others] = this.#answers.get(url) ?? [];
			// The last one answers all that come after it.
			if (others.length > 0) this.#answers.set(url, others);
			answer(response);
		});
	}

	/** Listens on a free port of this machine. */
	static async start(): Promise<FileServer> {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port to be had');
		return new FileServer(server, `http://127.0.0.1:${address.port}`);
	}

	/** Answers requests of a path like this, one after the other. @returns its address */
	serve(path: string, ...answers: Answering[]): string {
		this.#answers.set(path, answers);
		return this.origin + path;
	}

	/** The requests that had a cookie, a sign-in or this token with them. */
	signedIn(token: string): Asked[] {
		const isSecret = ({ url, headers }: Asked) =>
			'cookie' in headers ||
			'authorization' in headers ||
			JSON.stringify([url, headers]).includes(token);
		return this.requests.filter(isSecret);
	}

	/** Ends when all its clients have closed their connections. */
	async left(): Promise<void> {
		const closed = [...this.#connections].map(
			async (each) => await new Promise((resolve) => each.once('close', resolve)),
		);
		await Promise.all(closed);
	}

	/** Forgets everything. */
	reset(): void {
		this.requests = [];
		this.mostAtOnce = 0;
		this.#answers.clear();
	}

	/** Closes every connection. */
	stop(): void {
		this.server.close();
		this.server.closeAllConnections();
	}
}

/** Answers with a file of known size, and a cookie to be forgotten. */
export function file(content: Buffer, headers: OutgoingHttpHeaders = {}): Answering {
	return (response) => {
		const about = { 'content-length': content.length, 'set-cookie': 'session=1; Path=/' };
		response.writeHead(200, { ...about, ...headers }).end(content);
	};
}

/** Answers with a file whose size is not told. */
export function chunked(parts: Buffer[], headers: OutgoingHttpHeaders = {}): Answering {
	return (response) => {
		response.writeHead(200, headers);
		for (const part of parts) response.write(part);
		response.end();
	};
}

/** Answers with a file of untold size that does not end. */
export function endless(part: Buffer, headers: OutgoingHttpHeaders = {}): Answering {
	return (response) => {
		response.writeHead(200, headers).write(part);
	};
}

/** Answers with a status alone, or with a page. */
export function saying(
	statusCode: number,
	headers: OutgoingHttpHeaders = {},
	page = '',
): Answering {
	return (response) => {
		response.writeHead(statusCode, headers).end(page);
	};
}

/** Leads to another address, with a cookie to be forgotten. */
export function redirect(location: string, statusCode = 302): Answering {
	return saying(statusCode, { location, 'set-cookie': 'session=1; Path=/' });
}

/** Begins with a file of known size, and goes on with a byte every so often, or not at all. */
export function slowly(
	{ sizeBytes, everyMs }: { sizeBytes: number; everyMs: number },
	headers: OutgoingHttpHeaders = {},
): Answering {
	return (response) => {
		response.writeHead(200, { 'content-length': sizeBytes, ...headers });
		const next = async (left: number): Promise<void> => {
			if (response.socket === null || response.socket.destroyed) return;
			if (left === 0) {
				response.end();
				return;
			}
			response.write('x');
			await clock.hold(response.socket, everyMs);
			await next(left - 1);
		};
		void next(sizeBytes);
	};
}

/** Begins with a file and breaks off. */
export function cutOff(content: Buffer): Answering {
	return (response) => {
		response.writeHead(200, { 'content-length': content.length + 1_000 });
		response.write(content, () => response.destroy());
	};
}

const nothingThere = saying(404);

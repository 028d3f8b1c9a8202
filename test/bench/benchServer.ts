/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a server for the developer's machine, never part of the node */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';

const MEBIBYTE = 1024 * 1024;
// Long enough for the probe to look at what is held once everything is sent.
const ANSWER_AFTER_MS = 1_000;

/** Gives files of any size (GET /48 has 48 MiB) and takes uploads, which it forgets at once. */
export class BenchServer {
	/** How much was uploaded since it was set to 0. */
	receivedBytes = 0;

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {
		server.on('request', (request: IncomingMessage, response: ServerResponse) => {
			void (request.method === 'GET' ? giveFile(request, response) : this.take(request, response));
		});
	}

	/** Listens on a free port of this machine. */
	static async start(): Promise<BenchServer> {
		const server = createServer();
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port to be had');
		return new BenchServer(server, `http://127.0.0.1:${address.port}`);
	}

	/** Closes every connection. */
	stop(): void {
		this.server.close();
		this.server.closeAllConnections();
	}

	private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
		request.on('data', (chunk: Buffer) => (this.receivedBytes += chunk.length));
		await finished(request);
		setTimeout(() => {
			response.setHeader('content-type', 'application/json');
			response.end(
				JSON.stringify({ id: 'b2c3d4e5-f6a7-4901-bcde-f12345678901', status: 'accepted' }),
			);
		}, ANSWER_AFTER_MS);
	}
}

function giveFile(request: IncomingMessage, response: ServerResponse): void {
	const mebibytes = Number(request.url?.slice(1));
	if (Number.isNaN(mebibytes)) {
		// It knows no workflows, so that the node has nothing to check parameters against.
		response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
		return;
	}
	const content = Buffer.alloc(mebibytes * MEBIBYTE, 'memory');
	response.setHeader('content-type', 'image/png');
	response.setHeader('content-disposition', 'attachment; filename="big.png"');
	response.end(content);
}

/* eslint-disable @n8n/community-nodes/require-node-api-error -- drives a real n8n on the developer's machine, never part of the node */
import { at } from '../support/guards';
import { N8nOwner } from './n8nOwner';
import { N8nProcess, type ProcessOptions } from './n8nProcess';

export interface ServerOptions extends ProcessOptions {
	baseUrl: string;
}

/** A running n8n with its editor. */
export class N8nServer {
	private constructor(
		readonly process: N8nProcess,
		readonly baseUrl: string,
		readonly owner: N8nOwner,
	) {}

	/** Starts n8n, waits until it answers and makes its owner's account. */
	static async start(
		nodePath: string,
		args: string[],
		{ baseUrl, ...options }: ServerOptions,
	): Promise<N8nServer> {
		const answers = async () => await isReady(baseUrl);
		const n8n = await N8nProcess.start(nodePath, args, options, answers);
		try {
			return new N8nServer(n8n, baseUrl, await N8nOwner.setUp(baseUrl));
		} catch (error) {
			await n8n.stop();
			throw error;
		}
	}

	/** Stops n8n. */
	async stop(): Promise<void> {
		await this.process.stop();
	}
}

async function isReady(baseUrl: string): Promise<boolean> {
	try {
		// Not the health check: it answers before the REST API and the editor do. So does a "starting" page, but not in JSON.
		const response = await fetch(`${baseUrl}/rest/settings`);
		const settings: unknown = await response.json();
		return at(settings, 'data') !== undefined;
	} catch {
		return false;
	}
}

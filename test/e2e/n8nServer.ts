/* eslint-disable @n8n/community-nodes/require-node-api-error -- drives a real n8n on the developer's machine, never part of the node */
import { at, isRecord } from './guards';
import { N8nProcess, type ProcessOptions } from './n8nProcess';

export interface ServerOptions extends ProcessOptions {
	baseUrl: string;
}

/** Who may log in to the n8n of the tests. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Sandy',
	lastName: 'Box',
	password: 'Example-password-1',
};

/** A running n8n with its editor. */
export class N8nServer {
	private cookie = '';

	private constructor(
		readonly process: N8nProcess,
		readonly baseUrl: string,
	) {}

	/** Starts n8n, waits until it answers and makes its owner's account. */
	static async start(
		nodePath: string,
		args: string[],
		{ baseUrl, ...options }: ServerOptions,
	): Promise<N8nServer> {
		const answers = async () => await isReady(baseUrl);
		const server = new N8nServer(await N8nProcess.start(nodePath, args, options, answers), baseUrl);
		try {
			await server.setUpOwner();
		} catch (error) {
			await server.stop();
			throw error;
		}
		return server;
	}

	/** Activates a workflow, so that its trigger starts executions. */
	async activate(workflowId: string): Promise<void> {
		const imported = at(await this.rest('GET', `/workflows/${workflowId}`), 'data');
		const { name, nodes, connections, settings } = isRecord(imported) ? imported : {};
		// n8n 1 activates only what was saved in its editor.
		const edited = { name, nodes, connections, settings: { ...Object(settings), timezone: 'UTC' } };
		const saved = await this.rest('PATCH', `/workflows/${workflowId}`, edited);
		const versionId = at(saved, 'data', 'versionId');
		await this.rest('POST', `/workflows/${workflowId}/activate`, { versionId });
	}

	/** How each execution of a workflow ended, the newest first. */
	async executionStates(workflowId: string): Promise<unknown[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const executions = at(
			await this.rest('GET', `/executions?filter=${filter}`),
			'data',
			'results',
		);
		return Array.isArray(executions) ? executions.map((execution) => at(execution, 'status')) : [];
	}

	/** Stops n8n. */
	async stop(): Promise<void> {
		await this.process.stop();
	}

	private async setUpOwner(): Promise<void> {
		const response = await fetch(`${this.baseUrl}/rest/owner/setup`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(OWNER),
		});
		if (!response.ok) throw new Error(`Owner set-up failed: ${await response.text()}`);
		this.cookie = response.headers.getSetCookie().join('; ');
	}

	private async rest(method: string, apiPath: string, body?: object): Promise<unknown> {
		const response = await fetch(`${this.baseUrl}/rest${apiPath}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			body: body && JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${apiPath} answered ${response.status}: ${text}`);
		return JSON.parse(text);
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

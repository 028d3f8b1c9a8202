import { parse } from 'flatted';

import { at } from './guards';
import { N8nExecution } from './n8nExecution';
import { OWNER } from './n8nServer';
import { waitFor } from './processes';

const LOOK_EVERY_MS = 300;

/** The owner's way into a running n8n, as the editor has it. */
export class N8nOwner {
	private constructor(
		private readonly baseUrl: string,
		private readonly cookie: string,
	) {}

	/** Logs in. */
	static async logIn(baseUrl: string): Promise<N8nOwner> {
		const response = await fetch(`${baseUrl}/rest/login`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ emailOrLdapLoginId: OWNER.email, password: OWNER.password }),
		});
		if (!response.ok) throw new Error(`The login answered ${response.status}`);
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		return new N8nOwner(baseUrl, cookies.join('; '));
	}

	/**
	 * Runs a workflow from the editor and waits for its end.
	 *
	 * @param trigger the trigger to start with, and what it hands on, such as a message of the chat
	 */
	async run(
		workflowId: string,
		trigger: { name: string; json?: object },
		timeoutMs: number,
	): Promise<N8nExecution> {
		const workflow = at(await this.json(`/rest/workflows/${workflowId}`), 'data');
		const { name, json } = trigger;
		const main = [[{ json }]];
		const data = { startTime: 0, executionTime: 0, executionIndex: 0, source: [], data: { main } };
		const response = await this.send('POST', `/rest/workflows/${workflowId}/run`, {
			// Older versions of n8n want the whole workflow.
			workflowData: workflow,
			triggerToStartFrom: json ? { name, data } : { name },
		});
		const executionId = String(at(await response.json(), 'data', 'executionId'));
		const ended = async () => await this.ended(executionId);
		return await waitFor(`end of ${workflowId}`, ended, timeoutMs, LOOK_EVERY_MS);
	}

	/** The executions of a workflow that have ended, the newest first. */
	async executions(workflowId: string): Promise<N8nExecution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const list = at(await this.json(`/rest/executions?filter=${filter}`), 'data', 'results');
		const executions = (Array.isArray(list) ? list : []).map(
			async (execution: unknown) => await this.ended(String(at(execution, 'id'))),
		);
		return (await Promise.all(executions)).filter((execution) => execution !== undefined);
	}

	/** The content of a binary field of an item. */
	async content(binary: unknown): Promise<Buffer> {
		const [id, data] = [at(binary, 'id'), at(binary, 'data')];
		if (typeof id !== 'string') return Buffer.from(String(data), 'base64');
		const query = new URLSearchParams({ id, action: 'download' });
		const response = await this.send('GET', `/rest/binary-data?${query}`);
		return Buffer.from(await response.arrayBuffer());
	}

	private async ended(executionId: string): Promise<N8nExecution | undefined> {
		const execution = at(await this.json(`/rest/executions/${executionId}`), 'data');
		const data = at(execution, 'data');
		const hasEnded = typeof at(execution, 'stoppedAt') === 'string' && typeof data === 'string';
		return hasEnded ? new N8nExecution(parse(data)) : undefined;
	}

	private async json(path: string): Promise<unknown> {
		return await (await this.send('GET', path)).json();
	}

	private async send(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(`${this.baseUrl}${path}`, {
			method,
			headers: { cookie: this.cookie, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		});
		if (response.ok) return response;
		throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
	}
}

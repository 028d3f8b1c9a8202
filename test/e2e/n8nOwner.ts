import { parse } from 'flatted';

import { at, isRecord } from '../support/guards';
import type { N8nCredential } from './n8n';
import { N8nExecution } from './n8nExecution';
import { waitFor } from '../support/processes';

const LOOK_EVERY_MS = 300;

/** Who may log in to the n8n of the tests. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Sandy',
	lastName: 'Box',
	password: 'Example-password-1',
};

/** The owner's way into a running n8n, as the editor has it. */
export class N8nOwner {
	private constructor(
		private readonly baseUrl: string,
		private readonly cookie: string,
	) {}

	/** Makes the account, which an n8n has to have first of all. */
	static async setUp(baseUrl: string): Promise<N8nOwner> {
		const response = await fetch(`${baseUrl}/rest/owner/setup`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(OWNER),
		});
		if (!response.ok) throw new Error(`Owner set-up failed: ${await response.text()}`);
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		return new N8nOwner(baseUrl, cookies.join('; '));
	}

	/** Activates a workflow, so that its trigger starts executions. */
	async activate(workflowId: string): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const imported = at(await this.json(path), 'data');
		const { name, nodes, connections, settings } = isRecord(imported) ? imported : {};
		// n8n activates only what was saved in its editor, and n8n 2.0 only what was changed there.
		const edited = {
			name,
			nodes: Array.isArray(nodes) ? nodes.map((node) => ({ ...Object(node), notes: '' })) : nodes,
			connections,
			settings: { ...Object(settings), timezone: 'UTC' },
		};
		const saved: unknown = await (await this.send('PATCH', path, edited)).json();
		await this.setActive(workflowId, true, { versionId: at(saved, 'data', 'versionId') });
	}

	/** Deactivates a workflow: its trigger starts no more executions. */
	async deactivate(workflowId: string): Promise<void> {
		await this.setActive(workflowId, false, {});
	}

	private async setActive(workflowId: string, active: boolean, body: object): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const name = active ? 'activate' : 'deactivate';
		const response = await this.request('POST', `${path}/${name}`, body);
		// n8n 1.85 has no such request: a workflow is saved as active or not.
		if (response.status === 404) await this.send('PATCH', path, { active });
		else await orThrow(response);
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
		lookEveryMs = LOOK_EVERY_MS,
	): Promise<N8nExecution> {
		const executionId = await this.begin(workflowId, trigger);
		const ended = async () => await this.ended(executionId);
		return await waitFor(`end of ${workflowId}`, ended, timeoutMs, lookEveryMs);
	}

	/** Begins to run a workflow from the editor. @returns the id of the execution */
	async begin(
		workflowId: string,
		{ name, json }: { name: string; json?: object },
	): Promise<string> {
		const workflow = at(await this.json(`/rest/workflows/${workflowId}`), 'data');
		const main = [[{ json }]];
		const data = { startTime: 0, executionTime: 0, executionIndex: 0, source: [], data: { main } };
		const response = await this.send('POST', `/rest/workflows/${workflowId}/run`, {
			// Older versions of n8n want the whole workflow.
			workflowData: workflow,
			triggerToStartFrom: json ? { name, data } : { name },
		});
		return String(at(await response.json(), 'data', 'executionId'));
	}

	/** Stops an execution, as the editor's button does. */
	async stop(executionId: string): Promise<void> {
		await this.send('POST', `/rest/executions/${executionId}/stop`);
	}

	/** The parameters of a node of a workflow, as they are saved. */
	async savedParameters(workflowId: string, nodeName: string): Promise<unknown> {
		const nodes = at(await this.json(`/rest/workflows/${workflowId}`), 'data', 'nodes');
		const found = Array.isArray(nodes)
			? nodes.find((node: unknown) => at(node, 'name') === nodeName)
			: undefined;
		return at(found, 'parameters');
	}

	/** The executions of a workflow that have ended, the newest first. */
	async executions(workflowId: string): Promise<N8nExecution[]> {
		const executions = (await this.executionsOf(workflowId)).map(
			async (execution) => await this.ended(String(at(execution, 'id'))),
		);
		return (await Promise.all(executions)).filter((execution) => execution !== undefined);
	}

	/** How each execution of a workflow ended, the newest first. */
	async executionStates(workflowId: string): Promise<unknown[]> {
		return (await this.executionsOf(workflowId)).map((execution) => at(execution, 'status'));
	}

	/**
	 * Does something that starts an execution of a workflow, and waits for the end of that.
	 *
	 * @param start such as a request to its webhook
	 */
	async executionAfter(
		workflowId: string,
		start: () => Promise<unknown>,
		timeoutMs: number,
	): Promise<N8nExecution> {
		const before = (await this.executionsOf(workflowId)).length;
		await start();
		const ended = async () => {
			const executions = await this.executionsOf(workflowId);
			return executions.length > before
				? await this.ended(String(at(executions[0], 'id')))
				: undefined;
		};
		return await waitFor(`end of ${workflowId}`, ended, timeoutMs);
	}

	/**
	 * Retries the newest execution of a workflow, which failed, as a person does.
	 *
	 * @param loadWorkflow whether with the workflow as it is saved now, rather than as it was
	 */
	async retry(workflowId: string, loadWorkflow: boolean): Promise<void> {
		const [newest] = await this.executionsOf(workflowId);
		await this.send('POST', `/rest/executions/${String(at(newest, 'id'))}/retry`, { loadWorkflow });
	}

	/** Tests a credential as its dialog does, and gives what the dialog then shows. */
	async testCredential(credentials: N8nCredential): Promise<unknown> {
		const response = await this.send('POST', '/rest/credentials/test', { credentials });
		return at(await response.json(), 'data');
	}

	/** The content of a binary field of an item. */
	async content(binary: unknown): Promise<Buffer> {
		const [id, data] = [at(binary, 'id'), at(binary, 'data')];
		if (typeof id !== 'string') return Buffer.from(String(data), 'base64');
		const query = new URLSearchParams({ id, action: 'download' });
		const response = await this.send('GET', `/rest/binary-data?${query}`);
		return Buffer.from(await response.arrayBuffer());
	}

	private async executionsOf(workflowId: string): Promise<unknown[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const list = at(await this.json(`/rest/executions?filter=${filter}`), 'data', 'results');
		return Array.isArray(list) ? list : [];
	}

	private async ended(executionId: string): Promise<N8nExecution | undefined> {
		const execution = at(await this.json(`/rest/executions/${executionId}`), 'data');
		const data = at(execution, 'data');
		if (typeof at(execution, 'stoppedAt') !== 'string' || typeof data !== 'string')
			return undefined;
		const outcome: unknown = parse(data);
		// n8n 1 writes that it has ended a moment before it writes what came of it.
		const isWhole = at(outcome, 'resultData', 'lastNodeExecuted') !== undefined;
		return isWhole ? new N8nExecution(outcome) : undefined;
	}

	private async json(path: string): Promise<unknown> {
		return await (await this.send('GET', path)).json();
	}

	private async send(method: string, path: string, body?: object): Promise<Response> {
		return await orThrow(await this.request(method, path, body));
	}

	private async request(method: string, path: string, body?: object): Promise<Response> {
		return await fetch(`${this.baseUrl}${path}`, {
			method,
			// An n8n that is busy for long closes connections that are kept.
			headers: { cookie: this.cookie, 'content-type': 'application/json', connection: 'close' },
			body: body && JSON.stringify(body),
		});
	}
}

async function orThrow(response: Response): Promise<Response> {
	if (response.ok) return response;
	throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}

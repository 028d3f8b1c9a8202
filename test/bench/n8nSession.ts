import { at, isRecord } from '../e2e/guards';
import type { N8nItem } from '../e2e/n8n';
import { OWNER } from '../e2e/n8nServer';
import { waitFor } from '../e2e/processes';
import { unflatten } from './unflatten';

const LOOK_EVERY_MS = 1_000;

/** One time that a node ran. */
export interface NodeRun {
	startMs: number;
	endMs: number;
	/** What came out of its first output. */
	items: N8nItem[];
}

/** An execution that has ended. */
export class FinishedExecution {
	constructor(private readonly data: unknown) {}

	/** Every time that a node ran, in their order; none when it did not. */
	runs(nodeName: string): NodeRun[] {
		const runs = at(this.data, 'resultData', 'runData', nodeName);
		return Array.isArray(runs) ? runs.map(toNodeRun) : [];
	}

	/** When the last of all nodes ended. */
	get endMs(): number {
		const runData = at(this.data, 'resultData', 'runData');
		const names = isRecord(runData) ? Object.keys(runData) : [];
		const runs = names.flatMap((name) => this.runs(name));
		return Math.max(...runs.map(({ endMs }) => endMs));
	}

	/** The message of the error that stopped it. */
	get errorMessage(): string | undefined {
		const message = at(this.data, 'resultData', 'error', 'message');
		return typeof message === 'string' ? message : undefined;
	}
}

/** The owner's way into a running n8n, as the editor has it. */
export class N8nSession {
	private constructor(
		private readonly baseUrl: string,
		private readonly cookie: string,
	) {}

	/** Logs in. */
	static async logIn(baseUrl: string): Promise<N8nSession> {
		const response = await fetch(`${baseUrl}/rest/login`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ emailOrLdapLoginId: OWNER.email, password: OWNER.password }),
		});
		if (!response.ok) throw new Error(`The login answered ${response.status}`);
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		return new N8nSession(baseUrl, cookies.join('; '));
	}

	/** Runs a workflow by hand, as "Execute workflow" does, and waits for its end. */
	async run(
		workflowId: string,
		triggerName: string,
		timeoutMs: number,
	): Promise<FinishedExecution> {
		const body = { triggerToStartFrom: { name: triggerName } };
		const started = await this.send('POST', `/rest/workflows/${workflowId}/run`, body);
		const executionId = String(at(started, 'data', 'executionId'));
		const ended = async () => await this.finished(executionId);
		return await waitFor(`end of ${workflowId}`, ended, timeoutMs, LOOK_EVERY_MS);
	}

	private async finished(executionId: string): Promise<FinishedExecution | undefined> {
		const execution = at(await this.send('GET', `/rest/executions/${executionId}`), 'data');
		const data = at(execution, 'data');
		if (typeof at(execution, 'stoppedAt') !== 'string' || typeof data !== 'string')
			return undefined;
		return new FinishedExecution(unflatten(data));
	}

	private async send(method: string, path: string, body?: object): Promise<unknown> {
		const response = await fetch(`${this.baseUrl}${path}`, {
			method,
			headers: { cookie: this.cookie, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		});
		if (!response.ok) {
			throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
		}
		return await response.json();
	}
}

function toNodeRun(run: unknown): NodeRun {
	const startMs = Number(at(run, 'startTime'));
	const items = at(run, 'data', 'main', 0);
	return {
		startMs,
		endMs: startMs + Number(at(run, 'executionTime')),
		items: Array.isArray(items) ? items.filter(isItem) : [],
	};
}

function isItem(value: unknown): value is N8nItem {
	return isRecord(value) && isRecord(value.json);
}

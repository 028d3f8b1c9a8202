/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions, @n8n/community-nodes/require-node-api-error -- drives a real n8n on the developer's machine, never part of the node */
import { spawn, type ChildProcess } from 'node:child_process';
import { endProcess, hasEnded, waitFor } from '../support/processes';

export interface ProcessOptions {
	cwd: string;
	env: NodeJS.ProcessEnv;
}

const START_TIMEOUT_MS = 180_000;
const STOP_PATIENCE_MS = 15_000;
const KEPT_LOG_CHARACTERS = 200_000;

/** A process of n8n that runs until it is stopped: its server or a worker. */
export class N8nProcess {
	private lastLog = '';

	private constructor(private readonly child: ChildProcess) {
		const keep = (chunk: Buffer) => {
			this.lastLog = (this.lastLog + chunk.toString('utf8')).slice(-KEPT_LOG_CHARACTERS);
		};
		child.stdout?.on('data', keep);
		child.stderr?.on('data', keep);
	}

	/** Starts n8n and waits until it is ready; one that never gets ready is stopped. */
	static async start(
		nodePath: string,
		args: string[],
		{ cwd, env }: ProcessOptions,
		isReady: (n8n: N8nProcess) => Promise<boolean>,
	): Promise<N8nProcess> {
		const n8n = new N8nProcess(spawn(nodePath, args, { cwd, env, stdio: 'pipe' }));
		const attempt = async () => {
			if (hasEnded(n8n.child)) throw new Error('n8n ended by itself');
			return (await isReady(n8n)) || undefined;
		};
		try {
			await waitFor('n8n that is ready', attempt, START_TIMEOUT_MS);
		} catch (error) {
			await n8n.stop();
			throw new Error(`n8n did not start:\n${n8n.log}`, { cause: error });
		}
		return n8n;
	}

	/** The last of what it printed. */
	get log(): string {
		return this.lastLog;
	}

	/** The process's number at the operating system. */
	get pid(): number | undefined {
		return this.child.pid;
	}

	/** Stops it. */
	async stop(): Promise<void> {
		await endProcess(this.child, STOP_PATIENCE_MS);
	}
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions, @n8n/community-nodes/require-node-api-error -- starts a server on the developer's machine, never part of the node */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { once } from 'node:events';
import { endProcess, freePorts, waitFor } from '../support/processes';

export interface Redis {
	port: number;
	stop(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** Starts a Redis that keeps nothing on disk. */
export async function startRedis(): Promise<Redis> {
	const [port] = await freePorts(1);
	const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
	const child = spawn('redis-server', args, { stdio: 'ignore' });
	// Whatever is wrong with it shows in that nobody answers.
	child.on('error', () => undefined);
	const stop = async () => await endProcess(child, PATIENCE_MS);
	try {
		await waitFor('answer of redis-server', async () => await answers(port), PATIENCE_MS);
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	}
	return { port, stop };
}

async function answers(port: number): Promise<true | undefined> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return undefined;
	} finally {
		socket.destroy();
	}
}

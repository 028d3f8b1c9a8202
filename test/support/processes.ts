/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- starts programs on the developer's machine, never part of the node */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	timeoutMs: number;
	/** Shows the program's own output while it runs. */
	verbose?: boolean;
}

export interface RunResult {
	exitCode: number;
	stdout: string;
	stderr: string;
}

/** Runs a program to its end and reports its exit code and output; rejects when it takes too long. */
export async function run(
	command: string,
	args: string[],
	options: RunOptions,
): Promise<RunResult> {
	// The open stdin pipe is what tells our n8n that this process still lives (endWithParent.js).
	const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: 'pipe' });
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
	child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
	if (options.verbose) {
		child.stdout.pipe(process.stdout);
		child.stderr.pipe(process.stderr);
	}
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		child.kill('SIGKILL');
	}, options.timeoutMs);
	try {
		await once(child, 'close');
	} finally {
		clearTimeout(timer);
	}
	const result = {
		exitCode: child.exitCode ?? 1,
		stdout: Buffer.concat(stdout).toString('utf8'),
		stderr: Buffer.concat(stderr).toString('utf8'),
	};
	if (timedOut) {
		const seconds = options.timeoutMs / 1000;
		throw new Error(`${commandLine(command, args)} took longer than ${seconds} s${tail(result)}`);
	}
	return result;
}

/** Like `run`, but a program that fails is an error that carries the end of what it said. */
export async function runOrThrow(
	command: string,
	args: string[],
	options: RunOptions,
): Promise<string> {
	const result = await run(command, args, options);
	if (result.exitCode !== 0) {
		throw new Error(
			`${commandLine(command, args)} ended with code ${result.exitCode}${tail(result)}`,
		);
	}
	return result.stdout;
}

/** Asks a program to end, and makes it end when it does not listen. */
export async function endProcess(child: ChildProcess, patienceMs: number): Promise<void> {
	if (hasEnded(child)) return;
	const ended = once(child, 'close');
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
	await ended;
	clearTimeout(timer);
}

/** Whether a started program is gone. */
export function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

/** Tries until it gets something other than undefined; after the deadline it fails, saying what was awaited. */
export async function waitFor<T>(
	what: string,
	attempt: () => Promise<T | undefined>,
	timeoutMs: number,
	pauseMs = 200,
): Promise<T> {
	const deadlineMs = Date.now() + timeoutMs;
	for (;;) {
		const result = await attempt();
		if (result !== undefined) return result;
		if (Date.now() > deadlineMs) throw new Error(`No ${what} after ${timeoutMs / 1000} s`);
		await delay(pauseMs);
	}
}

/** So many ports of this machine that nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => createServer());
	const ports: number[] = [];
	for (const server of servers) {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port to be had');
		ports.push(address.port);
	}
	for (const server of servers) server.close();
	return ports;
}

function commandLine(command: string, args: string[]): string {
	return [command, ...args].join(' ');
}

function tail({ stdout, stderr }: RunResult): string {
	const lines = `${stdout}\n${stderr}`.trim().split('\n');
	return `:\n${lines.slice(-40).join('\n')}`;
}

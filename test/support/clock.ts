/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- steps time in tests, never part of the node */
import http, { type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Unzip } from 'node:zlib';

import type { SandboxClock } from '../sandbox';

/** Something that waits for a time. */
interface Waiter {
	atMs: number;
	onTime(): void;
}

interface Condition {
	isSo(): boolean;
	onTrue(): void;
}

// So many turns of the event loop nothing may have gone on: what one of them ends begins in the next.
const QUIET_TURNS = 4;

// After so many turns in which something went on it takes longer, as a file does: no use to ask all the time.
const BUSY_TURNS = 20;

// A net for conditions that never come true, on however busy a machine.
const PATIENCE_MS = 120_000;

/**
 * The clock of the tests. It stands still while anything goes on: a request, a file. When everything
 * waits, it steps to the next moment that something waits for. So hours pass at once, and what happens
 * in which order does not depend on how fast the machine is.
 */
class TestClock implements SandboxClock {
	#nowMs = Date.parse('2026-01-01T12:00:00Z');

	#waiters: Waiter[] = [];

	#conditions: Condition[] = [];

	#isStepping = false;

	readonly #sent = new Set<ClientRequest>();

	readonly #unpacking = new Set<Unzip>();

	/** Connections whose requests the sandbox lets wait on purpose, by the client's port. */
	readonly #held = new Map<number, number>();

	/** In milliseconds since 1970. */
	readonly nowMs = (): number => this.#nowMs;

	/** Ends when so much time has passed, or when the signal aborts. */
	readonly pause = async (durationMs: number, signal?: AbortSignal): Promise<void> => {
		if (signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const cancel = this.#at(this.#nowMs + Math.max(durationMs, 0), () => {
				signal?.removeEventListener('abort', onAbort);
				resolve();
			});
			const onAbort = () => {
				cancel();
				resolve();
			};
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	};

	/** Lets a request of the sandbox wait, while time passes, until then or until its client is gone. */
	readonly hold = async (client: Socket, durationMs: number): Promise<void> => {
		const { remotePort } = client;
		if (remotePort === undefined || client.destroyed) return;
		this.#held.set(remotePort, (this.#held.get(remotePort) ?? 0) + 1);
		await new Promise<void>((resolve) => {
			const onEnd = () => {
				cancel();
				client.removeListener('close', onEnd);
				resolve();
			};
			const isForEver = durationMs === Infinity;
			const cancel = isForEver ? () => {} : this.#at(this.#nowMs + durationMs, onEnd);
			client.once('close', onEnd);
		});
		const others = (this.#held.get(remotePort) ?? 1) - 1;
		if (others > 0) this.#held.set(remotePort, others);
		else this.#held.delete(remotePort);
	};

	/** Waits until something is so, while time passes. @throws loudly when it never is */
	async until(isSo: () => boolean): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const patience = setTimeout(() => {
				this.#conditions = this.#conditions.filter((other) => other !== condition);
				reject(new Error(`It never became so: ${String(isSo)}`));
			}, PATIENCE_MS);
			const condition: Condition = {
				isSo,
				onTrue: () => {
					clearTimeout(patience);
					resolve();
				},
			};
			this.#conditions.push(condition);
			this.#step();
		});
	}

	/** Waits until nothing goes on any more, and no time has passed. */
	async quiet(): Promise<void> {
		await this.until(() => true);
	}

	/** Watches a request of the node: the clock stands still until it has ended. */
	watch(request: ClientRequest): void {
		this.#sent.add(request);
		request.once('close', () => void this.#sent.delete(request));
		request.once('socket', (socket) => this.#timeOutByClock(request, socket));
	}

	/** Watches an answer that is unpacked: the clock stands still while there is something to unpack. */
	watchUnpacking(unzip: Unzip): void {
		if (this.#unpacking.has(unzip)) return;
		this.#unpacking.add(unzip);
		unzip.once('close', () => void this.#unpacking.delete(unzip));
	}

	// Only what waits for an answer that the sandbox holds back gets this far.
	#timeOutByClock(request: ClientRequest, socket: Socket): void {
		let cancel = () => {};
		const moved = () => socket.bytesRead + socket.bytesWritten;
		const arm = (durationMs: number) => {
			const before = moved();
			cancel = this.#at(this.#nowMs + durationMs, () => {
				if (socket.destroyed) return;
				if (moved() === before) socket.emit('timeout');
				else arm(durationMs);
			});
		};
		socket.setTimeout = (durationMs, onTimeout) => {
			cancel();
			cancel = () => {};
			if (onTimeout) socket.once('timeout', onTimeout);
			if (durationMs > 0) arm(durationMs);
			return socket;
		};
		request.once('close', () => cancel());
		socket.once('close', () => cancel());
	}

	#at(atMs: number, onTime: () => void): () => void {
		const waiter = { atMs, onTime };
		this.#waiters.push(waiter);
		this.#step();
		return () => void (this.#waiters = this.#waiters.filter((other) => other !== waiter));
	}

	#step(): void {
		if (this.#isStepping) return;
		this.#isStepping = true;
		void this.#steps();
	}

	async #steps(): Promise<void> {
		let busyTurns = 0;
		try {
			while (this.#waiters.length + this.#conditions.length > 0) {
				const isQuiet = await this.#isQuietForAWhile();
				const met = this.#conditions.filter(({ isSo }) => isSo());
				if (met.length > 0) {
					this.#conditions = this.#conditions.filter((condition) => !met.includes(condition));
					for (const { onTrue } of met) onTrue();
				} else if (isQuiet && this.#waiters.length > 0) {
					this.#nowMs = Math.max(this.#nowMs, Math.min(...this.#waiters.map(({ atMs }) => atMs)));
					const due = this.#waiters.filter(({ atMs }) => atMs <= this.#nowMs);
					this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
					for (const { onTime } of due) onTime();
				} else if (++busyTurns % BUSY_TURNS === 0) {
					await new Promise((resolve) => setTimeout(resolve, 1));
				}
			}
		} finally {
			// At once, so that nothing that comes to wait now is overlooked.
			this.#isStepping = false;
		}
	}

	async #isQuietForAWhile(): Promise<boolean> {
		for (let turn = 0; turn < QUIET_TURNS; turn++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (!this.#isQuiet()) return false;
		}
		return true;
	}

	#isQuiet(): boolean {
		for (const request of this.#sent) {
			// One whose answer was thrown away does not say that it has ended.
			if (request.socket?.destroyed) this.#sent.delete(request);
			const port = request.socket?.localPort;
			if (!this.#sent.has(request)) continue;
			if (port === undefined || !this.#held.has(port)) return false;
		}
		for (const { writableLength, writableEnded, readableEnded } of this.#unpacking) {
			if (writableLength > 0 || (writableEnded && !readableEnded)) return false;
		}
		return !process.getActiveResourcesInfo().some((name) => /^(FSReq|CloseReq)/.test(name));
	}
}

export const clock = new TestClock();

/** Lets the clock see every request that the node sends and every answer that it unpacks, from now on until the function it gives is called. */
export function watchRequests(): () => void {
	const { request: original } = http;
	const watched = (...args: unknown[]) => {
		const request: ClientRequest = Reflect.apply(original, http, args);
		clock.watch(request);
		return request;
	};
	http.request = watched as typeof original;
	const { _transform: unpack } = Unzip.prototype;
	Unzip.prototype._transform = function (...args) {
		clock.watchUnpacking(this);
		unpack.apply(this, args);
	};
	return () => {
		http.request = original;
		Unzip.prototype._transform = unpack;
	};
}

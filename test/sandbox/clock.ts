/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a server for developers, never part of the node */
import type { Socket } from 'node:net';

/** The time that a sandbox goes by. */
export interface SandboxClock {
	/** In milliseconds since 1970. */
	nowMs(): number;
	/** Lets the request of this connection wait so long, or for ever, but no longer than its client stays. */
	hold(client: Socket, durationMs: number): Promise<void>;
}

/** The clock of this machine. */
export const machineClock: SandboxClock = {
	nowMs: () => Date.now(),
	hold: async (client, durationMs) => {
		if (client.destroyed) return;
		await new Promise<void>((resolve) => {
			const end = () => {
				clearTimeout(timer);
				client.removeListener('close', end);
				resolve();
			};
			const timer = durationMs < Infinity ? setTimeout(end, durationMs) : undefined;
			client.once('close', end);
		});
	},
};

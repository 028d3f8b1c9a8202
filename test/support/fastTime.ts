type Time = typeof import('../../nodes/ComfyControl/transport/time');

const real: Time = jest.requireActual('../../nodes/ComfyControl/transport/time');

/** How many times faster time passes in tests that wait. */
export const SPEED = 100;

const startedMs = Date.now();
const startedAtMs = performance.now();

export const { orAborted } = real;

export function nowMs(): number {
	return startedMs + (performance.now() - startedAtMs) * SPEED;
}

export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
	await real.pause(durationMs / SPEED, signal);
}

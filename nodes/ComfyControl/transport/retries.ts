/** Pauses before a read is sent again, after its first, second, … attempt that came to nothing. */
const READ_PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** "A 10-second cooldown is applied automatically." */
const COOLDOWN_MS = 10_000;

const MAX_COOLDOWN_MS = 120_000;

/** How long a read may have been tried before it is given up: what drips twice goes on dripping. */
export const MAX_TRIED_MS = 180_000;

/** How often a request is sent again at most: after refusals in a row, and after reads that failed. */
export const PATIENCE = {
	/** More than five minutes of cooldowns. */
	refusals: 30,
	repeats: READ_PAUSES_MS.length,
};

/** The same in the editor, where somebody looks at an empty list meanwhile. */
export const EDITOR_PATIENCE = { refusals: 1, repeats: 1 };

/** How long to wait before a read is sent again, or undefined to give it up. */
export function readPauseMs(failedAttempts: number): number | undefined {
	return READ_PAUSES_MS[failedAttempts - 1];
}

/**
 * How long the API wants no requests after a 429: what `Retry-After` says in seconds or as a date,
 * else the documented cooldown.
 *
 * @see https://docs.comfycontrol.app/api/authentication
 */
export function cooldownMs(retryAfter: unknown, nowMs: number): number {
	if (typeof retryAfter !== 'string' || retryAfter.trim() === '') return COOLDOWN_MS;
	const seconds = Number(retryAfter);
	const askedMs = Number.isNaN(seconds) ? Date.parse(retryAfter) - nowMs : seconds * 1_000;
	return askedMs > 0 ? Math.min(askedMs, MAX_COOLDOWN_MS) : COOLDOWN_MS;
}

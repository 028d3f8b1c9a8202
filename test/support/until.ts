import { sleep } from 'n8n-workflow';

const TIMEOUT_MS = 10_000;
const PAUSE_MS = 5;

/** Waits until something is so. @throws when it is not after ten seconds */
export async function until(isSo: () => boolean): Promise<void> {
	const deadline = Date.now() + TIMEOUT_MS;
	while (!isSo()) {
		if (Date.now() > deadline) throw new Error(`Not within ${TIMEOUT_MS} ms: ${String(isSo)}`);
		await sleep(PAUSE_MS);
	}
}

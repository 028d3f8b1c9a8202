/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- finds a browser on the developer's machine, never part of the node */
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { runOrThrow } from '../support/processes';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** The path of a Chromium (CHROMIUM_PATH, or one on the PATH); as root on Debian it installs one when there is none. */
export async function ensureChromium(): Promise<string> {
	const found = process.env.CHROMIUM_PATH ?? (await findOnPath());
	if (found) return found;
	if (process.getuid?.() === 0 && (await findProgram('apt-get'))) {
		process.stderr.write('Installing Chromium with apt-get (takes about a minute)\n');
		await apt('update');
		await apt('install', '-y', '--no-install-recommends', 'chromium');
		const installed = await findOnPath();
		if (installed) return installed;
	}
	throw new Error(
		'The editor tests need Chromium and found none. Install it (Debian, Ubuntu: "apt-get install chromium") or set CHROMIUM_PATH to the program.',
	);
}

async function apt(...args: string[]): Promise<void> {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await runOrThrow('apt-get', args, { env, timeoutMs: INSTALL_TIMEOUT_MS });
}

async function findOnPath(): Promise<string | undefined> {
	for (const name of NAMES) {
		const program = await findProgram(name);
		if (program) return program;
	}
	return undefined;
}

async function findProgram(name: string): Promise<string | undefined> {
	for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
		const candidate = path.join(folder, name);
		try {
			await access(candidate, constants.X_OK);
			return candidate;
		} catch {
			// Not here: the next folder.
		}
	}
	return undefined;
}

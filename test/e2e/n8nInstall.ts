/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error -- installs a real n8n on the developer's machine, never part of the node */
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { runOrThrow, waitFor } from '../support/processes';

export interface N8nInstall {
	version: string;
	/** The Node.js that this n8n runs on, whatever the machine's own is. */
	nodePath: string;
	/** The script that starts n8n. */
	binPath: string;
	/** Where n8n's own packages are. */
	modulesPath: string;
}

interface Recipe {
	nodeMajor: string;
	overrides?: Record<string, string>;
}

export type Report = (line: string) => void;

const DEFAULT_VERSION = '2.40.7';
// Older versions' own address for xlsx is not on the registry.
const XLSX = { xlsx: '0.18.5' };
/** From the oldest that the node loads in to the newest that the registry has all parts of. */
const RECIPES: Record<string, Recipe> = {
	'1.85.3': { nodeMajor: '20', overrides: XLSX },
	'1.123.5': { nodeMajor: '20', overrides: XLSX },
	// Its expression engine needs Node.js 22.
	'1.123.81': { nodeMajor: '22', overrides: XLSX },
	'2.0.3': { nodeMajor: '22', overrides: XLSX },
	'2.40.7': { nodeMajor: '24' },
	'2.41.1': { nodeMajor: '24' },
};

/** Every n8n that the tests can be run in, the oldest first. */
export const N8N_VERSIONS = Object.keys(RECIPES);

// Of n8n's hundreds of install scripts only these two are needed: one compiles the database, one fetches Node.js.
const PACKAGES_WITH_NEEDED_SCRIPTS = ['sqlite3', 'node'];
const MARKER = 'installed.json';
const INSTALL_TIMEOUT_MS = 30 * 60_000;
const LOCK_TIMEOUT_MS = 2 * INSTALL_TIMEOUT_MS;
const LOCK_PAUSE_MS = 2_000;

/** The n8n version to test with: N8N_VERSION of the environment, or the default. */
export function wantedVersion(): string {
	return process.env.N8N_VERSION ?? DEFAULT_VERSION;
}

/** Whether the tests go by an n8n of the first major version. */
export function isFirstMajor(): boolean {
	return wantedVersion().startsWith('1.');
}

/** Gives a ready n8n of that version, installing it first (once for this user) when it is not there. */
export async function installN8n(
	version: string = wantedVersion(),
	report: Report = reportToStderr,
): Promise<N8nInstall> {
	const folder = folderOf(version);
	if (!(await isInstalled(version))) {
		await withLock(`${folder}.lock`, report, async () => {
			// Another process may have finished it while we waited.
			if (!(await isInstalled(version))) await install(folder, manifestFor(version), report);
		});
	}
	const modulesPath = path.join(folder, 'node_modules');
	return {
		version,
		nodePath: path.join(modulesPath, '.bin', 'node'),
		binPath: path.join(modulesPath, 'n8n', 'bin', 'n8n'),
		modulesPath,
	};
}

/**
 * Whether that n8n is there and whole.
 *
 * @throws Error that names the versions to choose from when there is no recipe for it
 */
export async function isInstalled(version: string): Promise<boolean> {
	// The marker holds what was installed: an interrupted install or a changed recipe starts from scratch.
	return (await readIfThere(path.join(folderOf(version), MARKER))) === manifestFor(version);
}

/** Deletes that n8n. */
export async function removeN8n(version: string): Promise<void> {
	await rm(folderOf(version), { recursive: true, force: true });
}

function folderOf(version: string): string {
	const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
	return path.join(base, 'n8n-nodes-comfycontrol', `n8n-${version}`);
}

function manifestFor(version: string): string {
	const recipe = RECIPES[version];
	if (!recipe) {
		throw new Error(`No recipe for n8n ${version}. Choose one of: ${N8N_VERSIONS.join(', ')}`);
	}
	const { nodeMajor, overrides } = recipe;
	return JSON.stringify({
		private: true,
		dependencies: { n8n: version, node: nodeMajor },
		overrides,
	});
}

async function install(folder: string, manifest: string, report: Report): Promise<void> {
	report(`Installing n8n once into ${folder} (2.8 GB; takes 3 to 10 minutes)`);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await writeFile(path.join(folder, 'package.json'), manifest);
	const inFolder = { cwd: folder, timeoutMs: INSTALL_TIMEOUT_MS };
	// --prefix and --ignore-scripts outrank what the project's own npm settings put into the environment.
	const common = ['--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
	report('  1 of 2: downloading n8n and its packages');
	const withoutScripts = ['install', '--ignore-scripts', '--no-package-lock'];
	await runOrThrow('npm', [...withoutScripts, ...common], inFolder);
	report('  2 of 2: building its database driver and fetching its Node.js');
	const withScripts = ['rebuild', '--ignore-scripts=false', ...PACKAGES_WITH_NEEDED_SCRIPTS];
	await runOrThrow('npm', [...withScripts, ...common], inFolder);
	await writeFile(path.join(folder, MARKER), manifest);
	report('  n8n is installed');
}

async function withLock(
	lockPath: string,
	report: Report,
	action: () => Promise<void>,
): Promise<void> {
	await mkdir(path.dirname(lockPath), { recursive: true });
	let announced = false;
	const attempt = async () => {
		if (await takeLock(lockPath)) return true;
		if (!announced) report('Another process is installing n8n; waiting for it to finish');
		announced = true;
		return undefined;
	};
	await waitFor('lock for the n8n install', attempt, LOCK_TIMEOUT_MS, LOCK_PAUSE_MS);
	try {
		await action();
	} finally {
		await rm(lockPath, { force: true });
	}
}

// A link appears whole or not at all, so a lock always names its owner.
async function takeLock(lockPath: string): Promise<boolean> {
	const ownPath = `${lockPath}.${process.pid}`;
	await writeFile(ownPath, String(process.pid));
	try {
		await link(ownPath, lockPath);
		return true;
	} catch (error) {
		if (!hasCode(error, 'EEXIST')) throw error;
		const owner = await readIfThere(lockPath);
		if (owner === undefined || isAlive(Number(owner))) return false;
		await rm(lockPath, { force: true });
		return await takeLock(lockPath);
	} finally {
		await rm(ownPath, { force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return hasCode(error, 'EPERM');
	}
}

async function readIfThere(file: string): Promise<string | undefined> {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return undefined;
		throw error;
	}
}

function hasCode(error: unknown, code: string): boolean {
	return error instanceof Error && 'code' in error && error.code === code;
}

function reportToStderr(line: string): void {
	process.stderr.write(`${line}\n`);
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- packs the project on the developer's machine, never part of the node */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRecord } from '../support/guards';
import { runOrThrow } from '../support/processes';

const TIMEOUT_MS = 120_000;
const LEFT_OUT_BY_N8N = ['devDependencies', 'peerDependencies', 'optionalDependencies'];
// The arguments that n8n itself gives npm (its community-packages service).
const N8N_INSTALL_ARGS = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

/** The root of this project. */
export const PROJECT_FOLDER = path.resolve(__dirname, '../..');

/**
 * Packs the built project and puts it where n8n's "Install a community node" would, by the same steps: npm pack,
 * unpack, drop all but the runtime dependencies, npm install for those, add it to the list of what is installed.
 */
export async function installPackage(n8nFolder: string, projectFolder: string): Promise<void> {
	const nodesFolder = path.join(n8nFolder, 'nodes');
	await mkdir(nodesFolder, { recursive: true });
	const tarball = await pack(projectFolder, nodesFolder);
	const name = await packageName(projectFolder);
	const target = path.join(nodesFolder, 'node_modules', name);
	await mkdir(target, { recursive: true });
	const unpack = ['-xzf', tarball, '-C', target, '--strip-components=1'];
	await runOrThrow('tar', unpack, { timeoutMs: TIMEOUT_MS });
	await rm(tarball);
	const version = await keepRuntimeDependencies(target);
	const inTarget = ['--prefix', target];
	await runOrThrow('npm', [...N8N_INSTALL_ARGS, ...inTarget], {
		cwd: target,
		timeoutMs: TIMEOUT_MS,
	});
	await writeJson(path.join(nodesFolder, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: version },
	});
}

async function pack(projectFolder: string, destination: string): Promise<string> {
	const args = ['pack', '--silent', '--pack-destination', destination];
	const output = await runOrThrow('npm', args, { cwd: projectFolder, timeoutMs: TIMEOUT_MS });
	const fileName = output.trim().split('\n').at(-1) ?? '';
	return path.join(destination, fileName);
}

async function packageName(folder: string): Promise<string> {
	const { name } = await readJson(path.join(folder, 'package.json'));
	if (typeof name !== 'string') throw new Error(`${folder}/package.json has no name`);
	return name;
}

async function keepRuntimeDependencies(packageFolder: string): Promise<unknown> {
	const file = path.join(packageFolder, 'package.json');
	const manifest = await readJson(file);
	const kept = Object.entries(manifest).filter(([key]) => !LEFT_OUT_BY_N8N.includes(key));
	await writeJson(file, Object.fromEntries(kept));
	return manifest.version;
}

async function readJson(file: string): Promise<Record<string, unknown>> {
	const content: unknown = JSON.parse(await readFile(file, 'utf8'));
	if (!isRecord(content)) throw new Error(`${file} is not a JSON object`);
	return content;
}

async function writeJson(file: string, content: unknown): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command for developers' terminals, never part of the node */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { at } from '../support/guards';
import { run } from '../support/processes';
import { isInstalled, N8N_VERSIONS, removeN8n } from './n8nInstall';
import { PROJECT_FOLDER } from './n8nPackage';

/** The test files of what must work in every n8n; the others have nodes of n8n in them that older ones lack. */
const FILES = ['credential', 'rerun', 'batch', 'stop', 'form', 'trigger', 'editor', 'panels'];
const JEST = require.resolve('jest/bin/jest');
/** With an install. */
const TIMEOUT_MS = 60 * 60_000;

/** How each test ended, by its name. */
type Results = Record<string, string>;

/** Runs the tests in one n8n after the other, and deletes each that was not there before. */
async function testVersions(versions: string[]): Promise<void> {
	const table: Record<string, Results> = {};
	for (const version of versions) {
		const wasThere = await isInstalled(version);
		console.log(`\n== n8n ${version}`);
		for (const [test, status] of Object.entries(await testVersion(version))) {
			table[test] = { ...table[test], [version]: status };
		}
		if (!wasThere) await removeN8n(version);
	}
	console.table(table);
}

async function testVersion(version: string): Promise<Results> {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-versions-'));
	try {
		const outputFile = path.join(folder, 'results.json');
		const args = ['--config', 'test/e2e/jest.config.js', '--json', '--outputFile', outputFile];
		const { exitCode } = await run(process.execPath, [JEST, ...args, ...FILES.map(asPattern)], {
			cwd: PROJECT_FOLDER,
			env: { ...process.env, N8N_VERSION: version },
			timeoutMs: TIMEOUT_MS,
			verbose: true,
		});
		if (exitCode !== 0) process.exitCode = 1;
		// Where n8n could not be installed there is none: the other versions go on.
		return resultsIn(await readFile(outputFile, 'utf8').catch(() => '{}'));
	} finally {
		await rm(folder, { recursive: true });
	}
}

function asPattern(file: string): string {
	return `/${file}\\.test`;
}

function resultsIn(json: string): Results {
	const files: unknown = at(JSON.parse(json), 'testResults');
	const tests = Array.isArray(files) ? files.flatMap((file) => at(file, 'assertionResults')) : [];
	return Object.fromEntries(tests.map((test) => [at(test, 'fullName'), at(test, 'status')]));
}

const named = process.argv.slice(2);
void testVersions(named.length > 0 ? named : N8N_VERSIONS);

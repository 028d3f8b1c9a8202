/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- looks at the packed package, never part of the node */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { PackageDirectoryLoader } from 'n8n-core';

import manifest from '../package.json';
import { N8N_VERSIONS } from './e2e/n8nInstall';

const root = resolve();
// A hundred small files, as reviewers read them, rather than one bundle: 55 kB to download.
const SIZE_BUDGET_BYTES = 350_000;

describe('the package', () => {
	it('is loaded by n8n’s own loader, with its node, credential, icons and codex', async () => {
		const loader = new PackageDirectoryLoader(root);
		await loader.loadAll();

		const nodes = ['comfyControl', 'comfyControlTrigger'];
		expect(Object.keys(loader.known.nodes)).toEqual(nodes);
		expect(Object.keys(loader.known.credentials)).toEqual(['comfyControlApi']);
		expect(loader.known.credentials.comfyControlApi.supportedNodes).toEqual(nodes);
		const [node] = loader.types.nodes;
		const [credential] = loader.types.credentials;
		const icons = {
			light: 'icons/n8n-nodes-comfycontrol/dist/icons/comfycontrol.svg',
			dark: 'icons/n8n-nodes-comfycontrol/dist/icons/comfycontrol.dark.svg',
		};
		expect(node.iconUrl).toEqual(icons);
		expect(credential.iconUrl).toEqual(icons);
		expect(node.codex).toMatchObject({
			categories: ['Marketing & Content'],
			alias: expect.arrayContaining(['ComfyUI']),
			resources: { primaryDocumentation: [{ url: expect.stringMatching(/^https:/) }] },
		});
	});

	it('holds only what n8n needs and people read', () => {
		const [{ files, unpackedSize }] = JSON.parse(
			execFileSync('npm', ['pack', '--dry-run', '--json'], { encoding: 'utf8', stdio: 'pipe' }),
		);
		const paths: string[] = files.map(({ path }: { path: string }) => path);
		const others = paths.filter((path) => !/^dist\/.*\.(js|svg|node\.json)$/.test(path));
		expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
		expect(paths).toEqual(
			expect.arrayContaining([
				...manifest.n8n.nodes,
				...manifest.n8n.credentials,
				'dist/nodes/ComfyControl/ComfyControl.node.json',
				'dist/icons/comfycontrol.svg',
				'dist/icons/comfycontrol.dark.svg',
			]),
		);
		expect(paths.filter((path) => path.endsWith('.svg'))).toHaveLength(2);
		expect(unpackedSize).toBeLessThan(SIZE_BUDGET_BYTES);
	});

	it('brings nothing with it and asks only for n8n’s own library', () => {
		expect(manifest).not.toHaveProperty('dependencies');
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.n8n.strict).toBe(true);
	});

	// The earliest n8n runs a plain npm install, and so do people by hand: the newest n8n-workflow would come along,
	// which has to be compiled.
	it('is installed by npm alone without another package', () => {
		const folder = mkdtempSync(join(tmpdir(), 'plain-install-'));
		try {
			const args = [
				'install',
				'--dry-run',
				'--offline',
				'--install-links',
				'--prefix',
				folder,
				root,
			];
			expect(execFileSync('npm', args, { encoding: 'utf8', stdio: 'pipe' })).toContain(
				'added 1 package in',
			);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it('is tried every week in every n8n that there is a recipe for', () => {
		const workflow = readFileSync('.github/workflows/n8n-versions.yml', 'utf8');
		const [, versions] = /^ +n8n: \[(.+)\]$/m.exec(workflow) ?? [];
		expect(versions).toBe(N8N_VERSIONS.map((version) => `'${version}'`).join(', '));
	});
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- keeps pictures on the developer's machine, never part of the node */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_FOLDER } from '../e2e/n8nPackage';

/** Where pictures for people go; git does not keep it. */
const ARTIFACTS_FOLDER = path.join(PROJECT_FOLDER, 'artifacts');

/** Keeps a file among the artefacts and tells its path. */
export async function keepArtifact(fileName: string, content: Uint8Array): Promise<string> {
	await mkdir(ARTIFACTS_FOLDER, { recursive: true });
	const file = path.join(ARTIFACTS_FOLDER, fileName);
	await writeFile(file, content);
	return file;
}

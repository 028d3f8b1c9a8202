/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- reads what a probe in n8n writes, never part of the node */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What n8n held at a moment, in bytes, once everything that can be freed was freed. */
export interface Sample {
	atMs: number;
	heapUsed: number;
	rss: number;
	handles: Record<string, number>;
	unhandledRejections: number;
}

/** The script that writes samples, to be loaded into n8n before n8n itself. */
export const PROBE = path.join(__dirname, 'probe.js');

/** The environment that tells the probe where to write. */
export function probeEnv(samplesFile: string): Record<string, string> {
	return { SOAK_SAMPLES_FILE: samplesFile };
}

/** The samples that were written so far, the oldest first. */
export async function samplesIn(file: string): Promise<Sample[]> {
	const lines = (await readFile(file, 'utf8')).trim().split('\n');
	return lines.map((line): Sample => JSON.parse(line));
}

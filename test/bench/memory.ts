/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- measures a real n8n on the developer's machine, never part of the node */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { N8n } from '../e2e/n8n';
import { installN8n } from '../e2e/n8nInstall';
import { PROJECT_FOLDER } from '../e2e/n8nPackage';
import {
	chain,
	CREDENTIAL,
	rerunNode,
	rowsNode,
	triggerNode,
	type N8nNode,
} from '../e2e/workflows';
import { BenchServer } from './benchServer';

const ORIGINAL_ID = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';
const RUNS = 5;
const MEBIBYTE = 1024 * 1024;
const ALLOWED_GROWTH_MEBIBYTES = 4;

/** What is uploaded: one item for each file. */
interface Load {
	files: number;
	mebibytes: number;
}

const SMALL: Load = { files: 1, mebibytes: 10 };
const LARGE: Load = { files: 1, mebibytes: 48 };
const FOUR: Load = { files: 4, mebibytes: 48 };

interface Way {
	key: string;
	title: string;
	/** The node that uploads to the API at that address. */
	uploadNode(apiUrl: string): N8nNode;
}

interface Bench {
	n8n: N8n;
	server: BenchServer;
	/** Where the process that uploads leaves what it measured. */
	probeFile: string;
}

interface Row {
	title: string;
	smallMebibytes: number;
	largeMebibytes: number;
	fourMebibytes: number;
}

const OURS: Way = { key: 'ours', title: 'ComfyControl node', uploadNode: ourNode };
const OTHERS: Way[] = [
	{ key: 'http', title: 'HTTP Request node', uploadNode: httpRequestNode },
	{ key: 'native', title: 'FormData and Blob', uploadNode: nativeNode },
];

async function main(): Promise<void> {
	const isRaw = process.argv.includes('--raw');
	const install = await installN8n();
	const folder = await mkdtemp(path.join(tmpdir(), 'memory-bench-'));
	const server = await BenchServer.start();
	try {
		await copyFile(sibling('nativeUpload.js'), path.join(folder, 'NativeUpload.node.js'));
		const probeFile = path.join(folder, 'probe.json');
		const n8n = await N8n.create(install, {
			projectFolder: PROJECT_FOLDER,
			preload: [sibling('memoryProbe.js')],
			env: {
				MEMORY_PROBE_FILE: probeFile,
				MEMORY_PROBE_RAW: isRaw ? '1' : '0',
				N8N_CUSTOM_EXTENSIONS: folder,
				N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
			},
		});
		try {
			await n8n.importCredentials([
				{
					...CREDENTIAL,
					type: 'comfyControlApi',
					data: { apiToken: 'cfc_example', baseUrl: server.url },
				},
			]);
			await n8n.importWorkflows(workflows(server.url));
			const bench = { n8n, server, probeFile };
			const ours = await measureWay(bench, OURS);
			const others = [];
			for (const way of OTHERS) others.push(await measureWay(bench, way));
			report(ours, others, isRaw);
		} finally {
			await n8n.remove();
		}
	} finally {
		server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

async function measureWay(bench: Bench, way: Way): Promise<Row> {
	return {
		title: way.title,
		smallMebibytes: await measureMedian(bench, way, SMALL),
		largeMebibytes: await measureMedian(bench, way, LARGE),
		fourMebibytes: await measureMedian(bench, way, FOUR),
	};
}

async function measureMedian(bench: Bench, way: Way, load: Load): Promise<number> {
	const peaksMebibytes: number[] = [];
	for (let run = 1; run <= RUNS; run++) {
		const peakMebibytes = await measureOnce(bench, way, load);
		console.log(`${way.title}, ${titleOf(load)}, run ${run}: ${peakMebibytes.toFixed(1)}`);
		peaksMebibytes.push(peakMebibytes);
	}
	return median(peaksMebibytes);
}

async function measureOnce(bench: Bench, way: Way, load: Load): Promise<number> {
	const { n8n, server, probeFile } = bench;
	server.receivedBytes = 0;
	await rm(probeFile, { force: true });
	const execution = await n8n.execute(workflowId(way, load));
	const problem = execution.errorMessage();
	if (problem !== undefined) throw new Error(`${way.title}: ${problem}`);
	if (server.receivedBytes < load.files * load.mebibytes * MEBIBYTE) {
		throw new Error(`${way.title} sent ${server.receivedBytes} bytes of ${titleOf(load)}`);
	}
	const peakBytes = Number(await readFile(probeFile, 'utf8'));
	return peakBytes / MEBIBYTE;
}

function report(ours: Row, others: Row[], isRaw: boolean): void {
	console.log(
		`\nThe most that is ${isRaw ? 'held or waits for garbage collection' : 'held'} outside of the JavaScript heap while the node`,
	);
	console.log(`runs, above what was held when it started. Median of ${RUNS}, in MiB.`);
	console.table(Object.fromEntries([ours, ...others].map(tableRow)));
	const isLowest = others.every(
		({ smallMebibytes, largeMebibytes, fourMebibytes }) =>
			ours.smallMebibytes < smallMebibytes &&
			ours.largeMebibytes < largeMebibytes &&
			ours.fourMebibytes < fourMebibytes,
	);
	const growth = ours.largeMebibytes - ours.smallMebibytes;
	const isSteady = Math.abs(growth) <= ALLOWED_GROWTH_MEBIBYTES;
	console.log(`Ours is ${isLowest ? '' : 'NOT '}the lowest.`);
	console.log(
		`Ours grows by ${growth.toFixed(1)} MiB with the file (allowed: ${ALLOWED_GROWTH_MEBIBYTES}).`,
	);
	const isWithinFour = ours.fourMebibytes <= FOUR.files * ours.largeMebibytes;
	console.log(
		`Ours takes ${(ours.fourMebibytes / ours.largeMebibytes).toFixed(1)} times as much for four files (allowed: ${FOUR.files}).`,
	);
	if (!isLowest || !isSteady || !isWithinFour) process.exitCode = 1;
}

function tableRow(row: Row): [string, object] {
	const { title, smallMebibytes, largeMebibytes, fourMebibytes } = row;
	const columns = {
		[titleOf(SMALL)]: smallMebibytes.toFixed(1),
		[titleOf(LARGE)]: largeMebibytes.toFixed(1),
		[titleOf(FOUR)]: fourMebibytes.toFixed(1),
	};
	return [title, columns];
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

function workflows(serverUrl: string) {
	return [OURS, ...OTHERS].flatMap((way) =>
		[SMALL, LARGE, FOUR].map((load) =>
			chain(workflowId(way, load), `${way.title}, ${titleOf(load)}`, [
				triggerNode(),
				rowsNode(Array.from({ length: load.files }, () => ({}))),
				fileNode(`${serverUrl}/${load.mebibytes}`),
				// The name that memoryProbe.js waits for.
				{ ...way.uploadNode(serverUrl), name: 'Upload' },
			]),
		),
	);
}

function workflowId(way: Way, { files, mebibytes }: Load): string {
	return `memoryBench${way.key}${files}x${mebibytes}`;
}

function titleOf({ files, mebibytes }: Load): string {
	return files === 1 ? `${mebibytes} MiB file` : `${files} files of ${mebibytes} MiB`;
}

function ourNode(): N8nNode {
	return rerunNode({ originalId: ORIGINAL_ID, text: 'a lighthouse', sampler: 'dpm_2' });
}

function httpRequestNode(apiUrl: string): N8nNode {
	return {
		id: 'upload',
		name: 'Upload',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [0, 0],
		parameters: {
			method: 'POST',
			url: rerunUrl(apiUrl),
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'comfyControlApi',
			sendBody: true,
			contentType: 'multipart-form-data',
			bodyParameters: {
				parameters: [
					{ parameterType: 'formData', name: '$prompt', value: 'a lighthouse' },
					{ parameterType: 'formData', name: '#sampler', value: 'dpm_2' },
					{ parameterType: 'formBinaryData', name: '$input_image', inputDataFieldName: 'data' },
				],
			},
			options: {},
		},
		credentials: { comfyControlApi: CREDENTIAL },
	};
}

function nativeNode(apiUrl: string): N8nNode {
	return {
		id: 'upload',
		name: 'Upload',
		type: 'CUSTOM.nativeUpload',
		typeVersion: 1,
		position: [0, 0],
		parameters: { url: rerunUrl(apiUrl) },
		credentials: { comfyControlApi: CREDENTIAL },
	};
}

function fileNode(url: string): N8nNode {
	return {
		id: 'file',
		name: 'File',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [0, 0],
		parameters: {
			url,
			options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
		},
	};
}

function rerunUrl(apiUrl: string): string {
	return `${apiUrl}/v1/workflow/${ORIGINAL_ID}/rerun`;
}

function sibling(fileName: string): string {
	return path.join(__dirname, fileName);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/require-node-api-error -- drives a real n8n on the developer's machine, never part of the node */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { at } from '../support/guards';
import { N8nExecution } from './n8nExecution';
import type { N8nInstall } from './n8nInstall';
import { installPackage } from './n8nPackage';
import { N8nProcess } from './n8nProcess';
import { N8nServer } from './n8nServer';
import { freePorts, run, runOrThrow, type RunResult } from '../support/processes';
import type { N8nWorkflow } from './workflows';

export interface N8nCredential {
	id: string;
	name: string;
	type: string;
	/** A text counts as encrypted already. */
	data: Record<string, string> | string;
}

export interface N8nOptions {
	/** A folder whose built n8n package gets installed. */
	projectFolder?: string;
	/** More environment variables for every n8n process. */
	env?: Record<string, string>;
	/** Scripts for Node.js to load into n8n before n8n itself. */
	preload?: string[];
}

const COMMAND_TIMEOUT_MS = 180_000;
const END_WITH_PARENT = path.join(__dirname, 'endWithParent.js');

/** An n8n with a data folder of its own: first files, then single executions or a running server. */
export class N8n {
	private constructor(
		private readonly install: N8nInstall,
		private readonly userFolder: string,
		private readonly options: N8nOptions,
		private readonly ports: { http: number; broker: number },
	) {}

	/** Makes an n8n in a new temporary folder and puts the project's package into it. */
	static async create(install: N8nInstall, options: N8nOptions = {}): Promise<N8n> {
		const userFolder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-'));
		const [http, broker] = await freePorts(2);
		const n8n = new N8n(install, userFolder, options, { http, broker });
		try {
			await mkdir(n8n.n8nFolder);
			if (options.projectFolder) await installPackage(n8n.n8nFolder, options.projectFolder);
		} catch (error) {
			await n8n.remove();
			throw error;
		}
		return n8n;
	}

	/** Adds credentials, as n8n's own import command does. */
	async importCredentials(credentials: N8nCredential[]): Promise<void> {
		await this.importFile('import:credentials', credentials);
	}

	/** Adds workflows, as n8n's own import command does. */
	async importWorkflows(workflows: N8nWorkflow[]): Promise<void> {
		await this.importFile('import:workflow', workflows);
	}

	/** Runs one imported workflow without a server; a workflow that fails is an execution with an error. */
	async execute(workflowId: string, settings: Record<string, string> = {}): Promise<N8nExecution> {
		const args = this.nodeArgs('execute', `--id=${workflowId}`, '--rawOutput');
		const env = { ...this.environment(), ...settings };
		const result = await run(this.install.nodePath, args, { ...this.runOptions(), env });
		return new N8nExecution(at(executionIn(result), 'data'));
	}

	/** Starts the server with its editor and makes its owner's account. */
	async start(): Promise<N8nServer> {
		const { http } = this.ports;
		return await N8nServer.start(this.install.nodePath, this.nodeArgs('start'), {
			baseUrl: `http://127.0.0.1:${http}`,
			cwd: this.userFolder,
			env: this.environment(),
		});
	}

	/** Starts a worker, which takes executions from the queue (only with the settings of queue mode). */
	async startWorker(): Promise<N8nProcess> {
		const [broker] = await freePorts(1);
		const env = { ...this.environment(), N8N_RUNNERS_BROKER_PORT: String(broker) };
		return await N8nProcess.start(
			this.install.nodePath,
			this.nodeArgs('worker'),
			{ cwd: this.userFolder, env },
			async ({ log }) => log.includes('worker is now ready'),
		);
	}

	/** The files in which a text stands: of the database, the log, the stored files. The packages are left out. */
	async filesWith(text: string): Promise<string[]> {
		const entries = await readdir(this.userFolder, { recursive: true, withFileTypes: true });
		const files = entries
			.filter((entry) => entry.isFile())
			.map((entry) => path.join(entry.parentPath, entry.name))
			.filter((file) => !file.includes('node_modules'));
		const contents = await Promise.all(files.map(async (file) => await readFile(file)));
		return files.filter((_file, index) => contents[index].includes(text));
	}

	/** Deletes everything this n8n stored. */
	async remove(): Promise<void> {
		await rm(this.userFolder, { recursive: true, force: true, maxRetries: 3 });
	}

	private get n8nFolder(): string {
		return path.join(this.userFolder, '.n8n');
	}

	private async importFile(command: string, content: unknown[]): Promise<void> {
		const file = path.join(this.userFolder, 'import.json');
		await writeFile(file, JSON.stringify(content));
		const args = this.nodeArgs(command, `--input=${file}`);
		const output = await runOrThrow(this.install.nodePath, args, this.runOptions());
		await rm(file);
		if (!output.includes('Successfully imported')) throw new Error(`${command} failed:\n${output}`);
	}

	private nodeArgs(...n8nArgs: string[]): string[] {
		const preload = [END_WITH_PARENT, ...(this.options.preload ?? [])];
		const requires = preload.flatMap((script) => ['--require', script]);
		return [...requires, this.install.binPath, ...n8nArgs];
	}

	private runOptions() {
		return { cwd: this.userFolder, env: this.environment(), timeoutMs: COMMAND_TIMEOUT_MS };
	}

	// Nothing of the developer's own n8n settings or of jest's NODE_ENV may leak in: n8n refuses to start in a test environment.
	private environment(): NodeJS.ProcessEnv {
		const { HOME, PATH = '', TMPDIR } = process.env;
		const nodeFolder = path.dirname(this.install.nodePath);
		return {
			HOME,
			TMPDIR,
			PATH: `${nodeFolder}${path.delimiter}${PATH}`,
			N8N_USER_FOLDER: this.userFolder,
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_PORT: String(this.ports.http),
			N8N_RUNNERS_BROKER_PORT: String(this.ports.broker),
			N8N_SECURE_COOKIE: 'false',
			N8N_LOG_LEVEL: 'info',
			N8N_LOG_OUTPUT: 'console,file',
			N8N_LOG_FILE_LOCATION: path.join(this.n8nFolder, 'logs', 'n8n.log'),
			GENERIC_TIMEZONE: 'UTC',
			...STAY_LOCAL,
			...this.options.env,
		};
	}
}

// No call home, no look for updates, templates, banners or verified packages, no address blocked that the sandbox has.
const STAY_LOCAL = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_REINSTALL_MISSING_PACKAGES: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_AI_ENABLED: 'false',
	N8N_PYTHON_ENABLED: 'false',
	N8N_SSRF_PROTECTION_ENABLED: 'false',
};

// Pretty-printed between log lines: the first line that is just an opening brace up to the next closing one.
function executionIn(result: RunResult): unknown {
	const lines = result.stdout.split('\n');
	const first = lines.indexOf('{');
	const last = lines.indexOf('}', first);
	if (first === -1 || last === -1) {
		throw new Error(`n8n printed no execution:\n${result.stdout}\n${result.stderr}`);
	}
	return JSON.parse(lines.slice(first, last + 1).join('\n'));
}

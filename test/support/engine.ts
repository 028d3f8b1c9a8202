/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs n8n's engine in tests, never part of the node */
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	PollContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	createEmptyRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type IHttpRequestOptions,
	type IDataObject,
	type ILoadOptionsFunctions,
	type IPollFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IRun,
	type NodeExecutionHint,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { forgetPastWorkflows } from '../../nodes/ComfyControl/fields/knownParameters';
import { ComfyControl } from '../../nodes/ComfyControl/ComfyControl.node.js';
import { ComfyControlTrigger } from '../../nodes/ComfyControl/ComfyControlTrigger.node.js';
import { signedIn } from './signedIn';

export interface EngineRun {
	/** The node's parameters as saved in a workflow. */
	parameters: INodeParameters;
	items: INodeExecutionData[];
	credentials: { apiToken: string; baseUrl: string };
	/** The node's own settings, such as `onError` or `retryOnFail`. */
	settings?: Partial<INode>;
	/** The execution that a person retries. */
	retried?: EngineResult;
	/** Called with a function that stops the execution as n8n's Stop button does. */
	onStart?(stop: () => void): void;
	binaryMode?: 'separate' | 'combined';
	/** How often the node gets the items in this execution, as in a loop. Default 1. */
	rounds?: number;
	/** Runs it in the same process as the run before: what was learned of past workflows is known. */
	remembers?: boolean;
	/** Runs it as the tool of an AI agent, which n8n makes of the node under another type. */
	asTool?: boolean;
}

export interface EngineResult {
	run: IRun;
	/** The items on the node's outputs: the first is the main one, the second the error output. */
	outputs: INodeExecutionData[][];
	/** The outputs of each round. */
	rounds: INodeExecutionData[][][];
	/** What the node says beside its output. */
	hints: NodeExecutionHint[];
	/** What the execution ended with, if it did not end well. */
	error: {
		message: string;
		description: string;
		context: Record<string, unknown>;
		httpCode?: string;
	};
}

const NODE_NAME = 'ComfyControl';
const NODE_TYPE = 'comfyControl';
const TOOL_TYPE = 'comfyControlTool';
const TRIGGER_TYPE = 'comfyControlTrigger';

/** Runs the node in n8n's real engine, behind a node that hands it the items. */
export async function runNode(options: EngineRun): Promise<EngineResult> {
	// As if in a process of its own.
	if (!options.remembers) forgetPastWorkflows();
	const rounds = options.rounds ?? 1;
	const toNode = [{ node: NODE_NAME, type: NodeConnectionTypes.Main, index: 0 }];
	const workflow = new Workflow({
		id: 'workflow',
		active: false,
		nodes: [
			node('Items', 'items', {}),
			{
				...node(NODE_NAME, options.asTool ? TOOL_TYPE : NODE_TYPE, options.parameters),
				credentials: { comfyControlApi: { id: '1', name: 'ComfyControl' } },
				...options.settings,
			},
		],
		connections: {
			Items: { main: new Array<typeof toNode>(rounds).fill(toNode) },
		},
		nodeTypes: nodeTypes(options.items, rounds),
		settings: { binaryMode: options.binaryMode ?? 'separate' },
	});
	const { retried } = options;
	const data = retried ? dataToRetry(retried, workflow) : createEmptyRunExecutionData();
	const execution = new WorkflowExecute(
		{ ...executionData(options.credentials), executionId: retried ? 'retry' : 'execution' },
		retried ? 'retry' : 'manual',
		data,
	);
	const running = retried
		? execution.processRunExecutionData(workflow)
		: execution.run({ workflow, startNode: workflow.getNode('Items') ?? undefined });
	options.onStart?.(() => running.cancel());
	return result(await running);
}

/**
 * What n8n gives to a polling trigger.
 *
 * @param kept what the trigger keeps from poll to poll
 */
export function pollContext(
	{ parameters, credentials }: Pick<EngineRun, 'parameters' | 'credentials'>,
	kept: IDataObject,
	mode: 'trigger' | 'manual' = 'trigger',
): IPollFunctions {
	const trigger = {
		...node(NODE_NAME, TRIGGER_TYPE, parameters),
		credentials: { comfyControlApi: { id: '1', name: 'ComfyControl' } },
	};
	const workflow = new Workflow({
		id: 'workflow',
		active: true,
		nodes: [trigger],
		connections: {},
		nodeTypes: nodeTypes([], 1),
		staticData: { [`node:${NODE_NAME}`]: kept },
	});
	return new PollContext(workflow, trigger, executionData(credentials), mode, 'activate');
}

/** What n8n's editor gives to the node's methods, while its panel shows these parameters. */
export function editorContext({
	parameters,
	credentials,
}: Pick<EngineRun, 'parameters' | 'credentials'>): ILoadOptionsFunctions {
	const shown = {
		...node(NODE_NAME, NODE_TYPE, parameters),
		credentials: { comfyControlApi: { id: '1', name: 'ComfyControl' } },
	};
	const workflow = new Workflow({
		id: 'workflow',
		active: false,
		nodes: [shown],
		connections: {},
		nodeTypes: nodeTypes([], 1),
	});
	return new LoadOptionsContext(workflow, shown, executionData(credentials), '');
}

/** What n8n begins with when a person retries a failed execution, read back from its database. */
function dataToRetry({ run }: EngineResult, workflow: Workflow): IRun['data'] {
	const data = structuredClone(JSON.parse(JSON.stringify(run.data)) as IRun['data']);
	delete data.resultData.error;
	data.resultData.runData[NODE_NAME]?.pop();
	// "Retry with currently saved workflow" takes its node.
	for (const next of data.executionData?.nodeExecutionStack ?? []) {
		next.node = workflow.getNode(next.node.name) ?? next.node;
	}
	return data;
}

function result(run: IRun): EngineResult {
	const { runData, error } = run.data.resultData;
	const tasks = runData[NODE_NAME] ?? [];
	const rounds = tasks.map(({ data }) => (data?.main ?? []).map((items) => items ?? []));
	const [task] = tasks;
	const shown = task?.error ?? error;
	return {
		run,
		outputs: rounds[0] ?? [],
		rounds,
		hints: task?.hints ?? [],
		error: {
			message: shown?.message ?? '',
			description: shown?.description ?? '',
			context: shown?.context ?? {},
			...(shown && 'httpCode' in shown && shown.httpCode ? { httpCode: shown.httpCode } : {}),
		},
	};
}

function node(name: string, type: string, parameters: INodeParameters): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function nodeTypes(items: INodeExecutionData[], rounds: number): INodeTypes {
	const types: Record<string, INodeType> = {
		items: {
			description: {
				displayName: 'Items',
				name: 'items',
				group: ['input'],
				version: 1,
				description: 'Hands on the items of the test',
				defaults: {},
				inputs: [],
				outputs: new Array<typeof NodeConnectionTypes.Main>(rounds).fill(NodeConnectionTypes.Main),
				properties: [],
			},
			execute: async () => new Array<INodeExecutionData[]>(rounds).fill(items),
		},
		[NODE_TYPE]: new ComfyControl(),
		[TOOL_TYPE]: new ComfyControl(),
		[TRIGGER_TYPE]: new ComfyControlTrigger(),
	};
	const getByName = (type: string) => types[type];
	return { getByName, getByNameAndVersion: getByName, getKnownTypes: () => ({}) };
}

function executionData(
	credentials: ICredentialDataDecryptedObject,
): IWorkflowExecuteAdditionalData {
	const workflowData = {
		id: 'workflow',
		name: 'Test',
		active: false,
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes: [],
		connections: {},
	};
	const needed: Partial<IWorkflowExecuteAdditionalData> = {
		executionId: 'execution',
		credentialsHelper: credentialsHelper(credentials),
		hooks: new ExecutionLifecycleHooks('manual', 'execution', workflowData),
		currentNodeExecutionIndex: 0,
		restApiUrl: 'http://localhost/rest',
		instanceBaseUrl: 'http://localhost',
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		variables: {},
	};
	return needed as IWorkflowExecuteAdditionalData;
}

function credentialsHelper(credentials: ICredentialDataDecryptedObject): ICredentialsHelper {
	const needed: Partial<ICredentialsHelper> = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async () => credentials,
		authenticate: async (values, _type, request) =>
			await signedIn(values, request as IHttpRequestOptions),
	};
	return needed as ICredentialsHelper;
}

/** A file kept in the item itself, as n8n does in its in-memory mode. */
export function inlineFile(content: Buffer, about: Partial<IBinaryData> = {}): IBinaryData {
	return {
		data: content.toString('base64'),
		mimeType: 'image/png',
		fileName: 'picture.png',
		...about,
	};
}

/** n8n's binary store in a folder of its own, as n8n uses it by default. */
export class BinaryStore {
	// Made only when it is opened: a file whose tests are all left out closes nothing.
	#folder = '';

	async open(): Promise<void> {
		this.#folder = mkdtempSync(join(tmpdir(), 'comfycontrol-binary-'));
		Container.get(BinaryDataConfig).mode = 'filesystem';
		Container.get(BinaryDataConfig).localStoragePath = this.#folder;
		await Container.get(BinaryDataService).init();
	}

	/** Stores a file and gives back what an item holds of it. */
	async store(content: Buffer, about: Partial<IBinaryData> = {}): Promise<IBinaryData> {
		const location = {
			type: 'execution' as const,
			workflowId: 'workflow',
			executionId: 'execution',
		};
		return await Container.get(BinaryDataService).store(location, content, {
			...inlineFile(Buffer.alloc(0)),
			...about,
		});
	}

	/** Cuts a stored file off, as if n8n's disk had lost its end. */
	shorten({ id = '' }: IBinaryData, sizeBytes: number): void {
		truncateSync(join(this.#folder, id.replace(/^[^:]*:/, '')), sizeBytes);
	}

	/** How many stored files this process has open. */
	openFiles(): number {
		return readdirSync('/proc/self/fd').filter((fd) => {
			const path = `/proc/self/fd/${fd}`;
			return existsSync(path) && readlinkSync(path).startsWith(this.#folder);
		}).length;
	}

	async close(): Promise<void> {
		rmSync(this.#folder, { recursive: true, force: true });
		Container.get(BinaryDataConfig).mode = 'default';
		await Container.get(BinaryDataService).init();
	}
}

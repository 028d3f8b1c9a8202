/* eslint-disable @n8n/community-nodes/no-restricted-imports -- reads the example files for tests, never part of the node */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { at, isRecord } from '../support/guards';
import { googleStandIn } from './googleStandIns';
import { PROJECT_FOLDER } from './n8nPackage';
import {
	CHAT_CREDENTIAL,
	CREDENTIAL,
	everyFewSeconds,
	type N8nNode,
	type N8nWorkflow,
} from './workflows';

const FOLDER = path.join(PROJECT_FOLDER, 'examples');
const API = 'https://api.comfycontrol.app';
const ID_IN_ADDRESS = 'WORKFLOW-ID';
const FILES = 'https://example.com';
const CHAT_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';
const TRIGGER = 'n8n-nodes-comfycontrol.comfyControlTrigger';

/** A workflow as n8n downloads it. */
export type Example = Pick<N8nWorkflow, 'name' | 'nodes' | 'connections' | 'settings'>;

/** What a user fills in after importing an example, besides the credentials. */
export interface Choices {
	/** The id of the ComfyControl workflow that is picked. */
	originalId: string;
	apiUrl: string;
	/** Where the files are whose addresses the example names. */
	filesUrl?: string;
}

/** The names of the files in the folder of examples that n8n can import. */
export function exampleFiles(): string[] {
	return readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
}

/** The text of a file in the folder of examples. */
export function exampleText(file: string): string {
	return readFileSync(path.join(FOLDER, file), 'utf8');
}

/** An example, as it is in its file. */
export function readExample(file: string): Example {
	const example: unknown = JSON.parse(exampleText(file));
	if (!isExample(example)) throw new TypeError(`${file} is no workflow of n8n`);
	return example;
}

/**
 * An example with what its note tells a user to fill in, with a trigger that looks every few seconds, and with
 * stand-ins for the nodes that need an account at Google.
 */
export function filledIn(id: string, example: Example, choices: Choices): N8nWorkflow {
	return {
		...example,
		id,
		active: false,
		versionId: `${id}-v1`,
		nodes: example.nodes.map((node) => filledInNode(node, choices)),
	};
}

/** The path at which n8n serves a node's form or chat. */
export function webhookIdOf({ nodes }: Example, nodeName: string): string {
	return String(nodes.find(({ name }) => name === nodeName)?.webhookId);
}

function filledInNode(node: N8nNode, { originalId, apiUrl, filesUrl = FILES }: Choices): N8nNode {
	const standIn = googleStandIn(node);
	if (standIn) return standIn;
	const parameters = { ...node.parameters };
	if ('workflowId' in parameters) {
		parameters.workflowId = { __rl: true, mode: 'list', value: originalId };
	}
	if (typeof parameters.url === 'string') {
		parameters.url = parameters.url.replace(API, apiUrl).replace(ID_IN_ADDRESS, originalId);
	}
	if (typeof parameters.jsonOutput === 'string') {
		parameters.jsonOutput = parameters.jsonOutput.replaceAll(FILES, filesUrl);
	}
	if (node.type === TRIGGER) parameters.pollTimes = { item: everyFewSeconds() };
	const credentials = credentialsFor(node);
	return { ...node, parameters, ...(credentials && { credentials }) };
}

function credentialsFor({ type, parameters }: N8nNode): N8nNode['credentials'] {
	if (type === CHAT_MODEL) return { openAiApi: CHAT_CREDENTIAL };
	const isOurs = type.startsWith('n8n-nodes-comfycontrol.');
	const isWanted = isOurs || parameters.nodeCredentialType === 'comfyControlApi';
	return isWanted ? { comfyControlApi: CREDENTIAL } : undefined;
}

function isExample(value: unknown): value is Example {
	return (
		isRecord(value) &&
		typeof value.name === 'string' &&
		Array.isArray(value.nodes) &&
		value.nodes.every(isNode) &&
		isRecord(value.connections) &&
		isRecord(value.settings)
	);
}

function isNode(value: unknown): value is N8nNode {
	const texts = [at(value, 'id'), at(value, 'name'), at(value, 'type')];
	return (
		texts.every((text) => typeof text === 'string') &&
		typeof at(value, 'typeVersion') === 'number' &&
		typeof at(value, 'position', 0) === 'number' &&
		typeof at(value, 'position', 1) === 'number' &&
		isRecord(at(value, 'parameters'))
	);
}

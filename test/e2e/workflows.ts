import { paintSketch } from '../sandbox/picture';

export interface N8nNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

export interface N8nWorkflow {
	id: string;
	name: string;
	active: boolean;
	/** Older versions of n8n refuse to import a workflow without one. */
	versionId: string;
	nodes: N8nNode[];
	connections: Record<string, unknown>;
	settings: Record<string, unknown>;
	/** What a node gives instead of running. */
	pinData?: Record<string, unknown[]>;
}

export interface RerunTarget {
	/** The id of the ComfyControl workflow to rerun. */
	originalId: string;
	text: string;
	sampler: string;
}

export const RERUN_NODE = 'Rerun';
export const IMAGE_FILE_NAME = 'input image.png';
export const CHAT_CREDENTIAL = { id: 'chatModelStandIn', name: 'Chat model' };
export const CREDENTIAL = { id: 'comfyControlSandbox', name: 'ComfyControl sandbox' };

const TEXT_AND_CHOICE = {
	text: [{ name: 'prompt', value: '={{ $json.prompts }}' }],
	choice: [{ name: 'sampler', value: 'dpm_2' }],
};
const STEP_WIDTH = 240;

/** Makes an n8n workflow of nodes that run one after the other. */
export function chain(id: string, name: string, nodes: N8nNode[]): N8nWorkflow {
	const placed = nodes.map((node, index) => ({
		...node,
		position: [index * STEP_WIDTH, 0] satisfies [number, number],
	}));
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map((node, index) => [
				node.name,
				{ main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] },
			]),
	);
	return {
		id,
		name,
		active: false,
		versionId: `${id}-v1`,
		nodes: placed,
		connections,
		settings: { executionOrder: 'v1' },
	};
}

/** The main job: a text, a picture made on the spot and a choice go into a rerun. */
export function rerunWorkflow(id: string, target: RerunTarget): N8nWorkflow {
	return chain(id, 'Rerun a ComfyUI workflow', [...imageNodes(paintSketch()), rerunNode(target)]);
}

/** One rerun for each prompt, with further parameters and settings of the node. */
export function batchWorkflow(
	id: string,
	originalId: string,
	prompts: string[],
	{ parameters, settings }: { parameters?: Record<string, unknown>; settings?: object } = {},
): N8nWorkflow {
	const rerun = rerunNode({ originalId, text: '', sampler: '' });
	return chain(id, 'Rerun for each prompt', [
		triggerNode(),
		promptsNode(prompts),
		splitNode(),
		{
			...rerun,
			...settings,
			parameters: { ...rerun.parameters, parameters: TEXT_AND_CHOICE, ...parameters },
		},
	]);
}

/** A rerun for each row, with the parameters in the form that is made from the workflow. */
export function formWorkflow(
	id: string,
	rows: object[],
	parameters: Record<string, unknown> = {},
): N8nWorkflow {
	return formAfter(id, [triggerNode(), rowsNode(rows)], parameters);
}

/** A rerun with the parameters in the form that is made from the workflow, and a picture in the field `data`. */
export function fileFormWorkflow(id: string): N8nWorkflow {
	return formAfter(id, imageNodes(paintSketch()), {});
}

/** A node that creates a workflow with the form, for each of these definitions. */
export function createFormsWorkflow(id: string, definitions: Record<string, object>): N8nWorkflow {
	const node = rerunNode({ originalId: '', text: '', sampler: '' });
	const nodes = Object.entries(definitions).map(([name, definition]) => ({
		...node,
		id: name,
		name,
		parameters: {
			resource: 'workflow',
			operation: 'create',
			name: 'x',
			specifyParameters: 'form',
			...definition,
		},
	}));
	return chain(id, 'Forms for workflow JSON', [triggerNode(), ...nodes]);
}

function formAfter(
	id: string,
	before: N8nNode[],
	parameters: Record<string, unknown>,
): N8nWorkflow {
	const rerun = rerunNode({ originalId: '', text: '', sampler: '' });
	return chain(id, 'Rerun with the form of a workflow', [
		...before,
		{
			...rerun,
			parameters: {
				resource: 'workflow',
				operation: 'rerun',
				workflowId: { __rl: true, mode: 'list', value: '' },
				specifyParameters: 'form',
				...parameters,
			},
		},
	]);
}

const PROMPT_OF_MODEL = {
	name: 'prompt',
	value: "={{ $fromAI('prompt', 'What the picture is to show', 'string') }}",
};
const SAMPLER_OF_MODEL = {
	name: 'sampler',
	value: "={{ $fromAI('sampler', 'How it is made', 'string') }}",
};

/** What is left to the model of an AI agent: the prompt, a choice too, or all parameters in one object. */
export const LEFT_TO_MODEL = {
	prompt: { parameters: { text: [PROMPT_OF_MODEL] } },
	choice: { parameters: { text: [PROMPT_OF_MODEL], choice: [SAMPLER_OF_MODEL] } },
	json: {
		specifyParameters: 'json',
		parametersJson: "={{ $fromAI('parameters', 'What to change, by name', 'json') }}",
	},
};

/** An AI agent that has the rerun of a workflow as its tool, with some of it left to the model. */
export function agentWorkflow(
	id: string,
	originalId: string,
	leftToModel: object = LEFT_TO_MODEL.prompt,
): N8nWorkflow {
	const rerun = rerunNode({ originalId, text: '', sampler: '' });
	const agent: N8nNode = {
		id: 'agent',
		name: 'AI Agent',
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 3,
		position: [0, 0],
		parameters: { promptType: 'define', text: 'Make a picture of a fox.', options: {} },
	};
	const model: N8nNode = {
		id: 'model',
		name: 'Chat Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		position: [0, STEP_WIDTH],
		parameters: { model: { __rl: true, mode: 'id', value: 'stand-in' }, options: {} },
		credentials: { openAiApi: CHAT_CREDENTIAL },
	};
	const tool: N8nNode = {
		...rerun,
		type: 'n8n-nodes-comfycontrol.comfyControlTool',
		position: [STEP_WIDTH, STEP_WIDTH],
		parameters: {
			...rerun.parameters,
			...leftToModel,
			waitForCompletion: true,
			downloadOutputs: false,
		},
	};
	const workflow = chain(id, 'Let an AI agent make pictures', [triggerNode(), agent]);
	const into = (type: string) => ({ [type]: [[{ node: agent.name, type, index: 0 }]] });
	return {
		...workflow,
		nodes: [...workflow.nodes, model, tool],
		connections: {
			...workflow.connections,
			[model.name]: into('ai_languageModel'),
			[tool.name]: into('ai_tool'),
		},
	};
}

/** A workflow that starts when workflows finish on ComfyControl. */
export function finishWorkflow(id: string, pollTimes: object[]): N8nWorkflow {
	const next: N8nNode = {
		id: 'next',
		name: 'Next step',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	return chain(id, 'When a workflow finishes', [finishTrigger(pollTimes), next]);
}

/** A workflow that starts when workflows finish on ComfyControl, and then reruns one itself. */
export function rerunOnFinish(
	id: string,
	pollTimes: object[],
	originalId: string,
	options: object = {},
): N8nWorkflow {
	const trigger = finishTrigger(pollTimes);
	const rerun = rerunNode({ originalId, text: '', sampler: '' });
	return chain(id, 'Rerun when a workflow finishes', [
		{ ...trigger, parameters: { ...trigger.parameters, options } },
		{ ...rerun, parameters: { ...rerun.parameters, parameters: {} } },
	]);
}

function finishTrigger(pollTimes: object[]): N8nNode {
	return {
		id: 'finished',
		name: 'When a workflow finishes',
		type: 'n8n-nodes-comfycontrol.comfyControlTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {
			pollTimes: { item: pollTimes },
			events: ['completed'],
		},
		credentials: { comfyControlApi: CREDENTIAL },
	};
}

/** A node for each operation, as it is when it is added. */
export function operationsWorkflow(
	id: string,
	operations: Array<{ resource: string; operation: string; name: string }>,
): N8nWorkflow {
	const nodes = operations.map(({ resource, operation, name }, index) => ({
		...rerunNode({ originalId: '', text: '', sampler: '' }),
		// The editor finds a node by the beginning of its id.
		id: `operation-${String.fromCharCode(97 + index)}`,
		name,
		parameters: { resource, operation },
	}));
	return chain(id, 'Every operation', [triggerNode(), ...nodes]);
}

/** A workflow with nothing but its start in it. */
export function emptyWorkflow(id: string): N8nWorkflow {
	return chain(id, 'New workflow', [triggerNode()]);
}

/** The start of a workflow whose items carry the given picture as binary property `data`. */
export function imageNodes(png: Buffer): N8nNode[] {
	return [triggerNode(), base64Node(png), toFileNode()];
}

/** A ComfyControl node that reruns a workflow with text, file and choice. */
export function rerunNode({ originalId, text, sampler }: RerunTarget): N8nNode {
	return {
		id: 'rerun',
		name: RERUN_NODE,
		type: 'n8n-nodes-comfycontrol.comfyControl',
		typeVersion: 1,
		position: [0, 0],
		parameters: {
			resource: 'workflow',
			operation: 'rerun',
			workflowId: { __rl: true, mode: 'id', value: originalId },
			specifyParameters: 'fields',
			parameters: {
				text: [{ name: 'prompt', value: text }],
				file: [{ name: 'input_image', binaryPropertyName: 'data' }],
				choice: [{ name: 'sampler', value: sampler }],
			},
			waitForCompletion: false,
			options: {},
		},
		credentials: { comfyControlApi: CREDENTIAL },
	};
}

/** The start of a workflow that people run by hand. */
export function triggerNode(): N8nNode {
	return {
		id: 'trigger',
		name: 'When clicking ‘Execute workflow’',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
}

/** As often as possible: n8n refuses a schedule of less than a minute, but takes many of a minute. */
export function everyFewSeconds() {
	return Array.from({ length: 20 }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * 3} * * * * *`,
	}));
}

function promptsNode(prompts: string[]): N8nNode {
	return {
		id: 'prompts',
		name: 'Prompts',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [0, 0],
		parameters: { mode: 'raw', jsonOutput: JSON.stringify({ prompts }), options: {} },
	};
}

/** An item for each row. */
export function rowsNode(rows: object[]): N8nNode {
	return {
		id: 'rows',
		name: 'Rows',
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		position: [0, 0],
		parameters: { jsCode: `return ${JSON.stringify(rows.map((json) => ({ json })))};` },
	};
}

/** An item for each entry of a list, in the field `prompts`. */
export function splitNode(list = 'prompts'): N8nNode {
	return {
		id: 'split',
		name: 'One item each',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		position: [0, 0],
		parameters: { fieldToSplitOut: list, options: { destinationFieldName: 'prompts' } },
	};
}

/** The start of a workflow that a request starts; the answer comes at once, or with the end of the execution. */
export function webhookNode(
	path: string,
	webhookId: string,
	responseMode: 'onReceived' | 'lastNode',
): N8nNode {
	return {
		id: 'webhook',
		webhookId,
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position: [0, 0],
		parameters: { httpMethod: 'POST', path, responseMode, options: {} },
	};
}

function base64Node(png: Buffer): N8nNode {
	const assignment = { id: 'image', name: 'image', type: 'string', value: png.toString('base64') };
	return {
		id: 'base64',
		name: 'Image as text',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [0, 0],
		parameters: { assignments: { assignments: [assignment] }, options: {} },
	};
}

function toFileNode(): N8nNode {
	return {
		id: 'file',
		name: 'Image file',
		type: 'n8n-nodes-base.convertToFile',
		typeVersion: 1.1,
		position: [0, 0],
		parameters: {
			operation: 'toBinary',
			sourceProperty: 'image',
			options: { fileName: IMAGE_FILE_NAME, mimeType: 'image/png' },
		},
	};
}

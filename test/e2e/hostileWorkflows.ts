import type { CorpusFile } from '../nodes/ComfyControl/parameters/corpus';
import { chain, CREDENTIAL, RERUN_NODE, rowsNode, triggerNode, webhookNode } from './workflows';
import type { N8nNode, N8nWorkflow } from './workflows';

/** How a workflow JSON gets into the node. */
export type Way = 'text' | 'expression' | 'file';

/** A credential, as a node names it. */
type CredentialRef = { id: string; name: string };

const STEP = 240;
const AS_FILE = { workflowSource: 'binary', workflowBinaryPropertyName: 'data' };

/** What has to arrive of a file of the corpus. */
export function textOf({ bytes, sent }: CorpusFile): string {
	return sent ?? bytes.toString();
}

/** Starts each file by Create, and by a template that is made of it and run. They are called as the file is. */
export function corpusWorkflow(
	id: string,
	way: Way,
	files: CorpusFile[],
	credential: CredentialRef,
): N8nWorkflow {
	if (way === 'text') {
		const branches = files.flatMap((file) =>
			startBranches(file.what, { workflowJson: textOf(file) }, credential),
		);
		return fanOut(id, [triggerNode()], branches);
	}
	const rows = files.map((file) => ({
		what: file.what,
		text: textOf(file),
		base64: file.bytes.toString('base64'),
	}));
	const name = "={{ $('Rows').item.json.what }}";
	return way === 'file'
		? fanOut(
				id,
				[triggerNode(), rowsNode(rows), fileNode()],
				startBranches(name, AS_FILE, credential),
			)
		: fanOut(
				id,
				[triggerNode(), rowsNode(rows)],
				startBranches(name, { workflowJson: '={{ $json.text }}' }, credential),
			);
}

/** Sends more than a request may carry, in every position, and hands on what the node says of it. */
export function tooMuchWorkflow(id: string, originalId: string, bytes: number): N8nWorkflow {
	const long = `'x'.repeat(${bytes})`;
	// Two braces in a row would end the expression.
	const tooLong = `={{ '{"3":{"class_type":"A","inputs":{"t":"' + ${long} + '"' + '}'.repeat(3) }}`;
	const short = '{"3":{"class_type":"A","inputs":{"p":"$text(p, d)"}}}';
	const positions: Record<string, object> = {
		'JSON as text': { operation: 'create', name: 'x', workflowJson: tooLong },
		'JSON as file': { operation: 'create', name: 'x', ...AS_FILE },
		'Parameter of Create': {
			operation: 'create',
			name: 'x',
			workflowJson: short,
			parameters: { text: [{ name: 'p', value: `={{ ${long} }}` }] },
		},
		'Template as text': {
			resource: 'template',
			operation: 'create',
			name: 'x',
			description: 'x',
			workflowJson: tooLong,
		},
		'File of Rerun': {
			operation: 'rerun',
			workflowId: { __rl: true, mode: 'id', value: originalId },
			parameters: { file: [{ name: 'input_image', binaryPropertyName: 'data' }] },
		},
	};
	const branches = Object.entries(positions).map(([name, parameters]) => [
		{ ...comfyControl(name, parameters), onError: 'continueErrorOutput' },
	]);
	return fanOut(id, [triggerNode(), largeFileNode(bytes)], branches);
}

/** Reads, waits and starts with a credential, and hands on what the node says of it. */
export function credentialWorkflow(
	id: string,
	originalId: string,
	credential: CredentialRef,
): N8nWorkflow {
	const workflowId = { __rl: true, mode: 'id', value: originalId };
	const branches = ['get', 'wait', 'rerun'].map((operation) => [
		{
			...comfyControl(operation, { operation, workflowId, waitForCompletion: true }),
			credentials: { comfyControlApi: credential },
			onError: 'continueErrorOutput',
		},
	]);
	return fanOut(id, [triggerNode()], branches);
}

/** Starts a workflow for each prompt when its webhook is called, and waits for all of them. */
export function waitingWorkflow(id: string, originalId: string, prompts: string[]): N8nWorkflow {
	return chain(id, id, [
		webhookNode(id, id, 'onReceived'),
		rowsNode(prompts.map((prompt) => ({ prompt }))),
		comfyControl(RERUN_NODE, {
			operation: 'rerun',
			workflowId: { __rl: true, mode: 'id', value: originalId },
			parameters: { text: [{ name: 'prompt', value: '={{ $json.prompt }}' }] },
			waitForCompletion: true,
			downloadOutputs: false,
		}),
	]);
}

function startBranches(name: string, definition: object, credential: CredentialRef): N8nNode[][] {
	const node = (operation: string, parameters: object): N8nNode => ({
		...comfyControl(`${operation}: ${name}`, parameters),
		credentials: { comfyControlApi: credential },
	});
	const template = { resource: 'template', description: 'As people bring it' };
	const made = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
	return [
		[node('Create', { operation: 'create', name, ...definition })],
		[
			node('Template', { ...template, operation: 'create', name, ...definition }),
			node('Run', { resource: 'template', operation: 'run', templateId: made }),
		],
	];
}

/** Branches that each begin at the end of the stem. */
function fanOut(id: string, stem: N8nNode[], branches: N8nNode[][]): N8nWorkflow {
	const trunk = chain(id, id, stem);
	const last = stem[stem.length - 1].name;
	const chains = branches.map((branch) => chain(id, id, branch));
	const starts = branches.map(([{ name }]) => ({ node: name, type: 'main', index: 0 }));
	return {
		...trunk,
		nodes: [
			...trunk.nodes,
			...chains.flatMap(({ nodes }, row) =>
				nodes.map((node) => ({
					...node,
					position: [node.position[0] + stem.length * STEP, row * STEP] satisfies [number, number],
				})),
			),
		],
		connections: {
			...trunk.connections,
			[last]: { main: [starts] },
			...Object.assign({}, ...chains.map(({ connections }) => connections)),
		},
	};
}

function comfyControl(name: string, parameters: object): N8nNode {
	return {
		id: name,
		name,
		type: 'n8n-nodes-comfycontrol.comfyControl',
		typeVersion: 1,
		position: [0, 0],
		parameters: { resource: 'workflow', ...parameters },
		credentials: { comfyControlApi: CREDENTIAL },
	};
}

/** Makes a file of each row's base64. */
function fileNode(): N8nNode {
	return {
		id: 'file',
		name: 'File',
		type: 'n8n-nodes-base.convertToFile',
		typeVersion: 1.1,
		position: [0, 0],
		parameters: {
			operation: 'toBinary',
			sourceProperty: 'base64',
			options: { fileName: 'workflow.json', mimeType: 'application/json' },
		},
	};
}

/** Makes a file inside the workflow, as a request with one of that size is refused by n8n itself. */
function largeFileNode(bytes: number): N8nNode {
	const jsCode = `const data = await this.helpers.prepareBinaryData(Buffer.alloc(${bytes}, ' '), 'large.json');
return [{ json: {}, binary: { data } }];`;
	return {
		id: 'large',
		name: 'Large file',
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		position: [0, 0],
		parameters: { jsCode },
	};
}

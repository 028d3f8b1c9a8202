import {
	chain,
	CREDENTIAL,
	type N8nNode,
	type N8nWorkflow,
	rerunNode,
	triggerNode,
} from '../e2e/workflows';

/** How the HTTP Request nodes spread their requests: the option "Batching". */
export interface Batching {
	batchSize: number;
	batchInterval: number;
}

/** What a workflow of the bench works on. */
export interface BatchJob {
	apiUrl: string;
	/** The id of the ComfyControl workflow to rerun. */
	originalId: string;
	/** How many items, each with a prompt of its own. */
	count: number;
	/** What the prompts are about, where two batches must be told apart. */
	subject?: string;
}

export const TRIGGER = triggerNode().name;
/** The node that starts the jobs, whoever's it is. */
export const RERUN = 'Rerun';
/** The node that lists the outputs in the Wait and IF loop. */
export const OUTPUTS = 'List outputs';
/** The node that hands over the files of the Wait and IF loop. */
export const DOWNLOAD = 'Download';

const WAIT_SECONDS = 5;
const WAIT = 'Wait';
const LOOK = 'Look';
const IS_FINISHED = 'Is it finished?';
// n8n runs the higher of two branches first: what is finished is fetched before the next wait.
const ON_TOP = [OUTPUTS, DOWNLOAD];
const BRANCH_HEIGHT = 200;

/** Items into our node, which starts the jobs and, if told, waits and hands over the files. */
export function ourWorkflow(id: string, job: BatchJob, more: Record<string, unknown>): N8nWorkflow {
	const { originalId } = job;
	const parameters = { text: [{ name: 'prompt', value: '={{ $json.prompt }}' }] };
	const workflowId = { __rl: true, mode: 'id', value: originalId };
	const rerun = ourNode({ workflowId, parameters, ...more });
	return chain(id, id, [triggerNode(), promptsNode(job), rerun]);
}

/** Items into an HTTP Request node, which starts the jobs. */
export function httpWorkflow(id: string, job: BatchJob, batching?: Batching): N8nWorkflow {
	return chain(id, id, [triggerNode(), promptsNode(job), httpRerunNode(job, batching)]);
}

/** The usual loop around it: wait, look, and when finished list the outputs and download them. */
export function loopWorkflow(id: string, job: BatchJob, batching?: Batching): N8nWorkflow {
	const { nodes, connections, ...rest } = chain(id, id, [
		triggerNode(),
		promptsNode(job),
		httpRerunNode(job, batching),
		waitNode(),
		lookNode(job, batching),
		isFinishedNode(),
		outputsNode(job, undefined, batching),
		downloadNode(),
	]);
	const fork = { [IS_FINISHED]: { main: [[linkTo(OUTPUTS)], [linkTo(WAIT)]] } };
	const placed = nodes.map((each) => (ON_TOP.includes(each.name) ? raised(each) : each));
	return { ...rest, nodes: placed, connections: { ...connections, ...fork } };
}

function promptsNode({ count, subject = 'a lighthouse' }: BatchJob): N8nNode {
	const items = Array.from({ length: count }, (_, position) => ({
		json: { prompt: `${subject} at dawn, picture ${position + 1}` },
	}));
	return node('Prompts', 'code', 2, { jsCode: `return ${JSON.stringify(items)};` });
}

/** Our node, as it comes from the picker but for some parameters. */
export function ourNode(more: Record<string, unknown>): N8nNode {
	const base = rerunNode({ originalId: '', text: '', sampler: '' });
	const parameters = { ...base.parameters, parameters: {}, ...more };
	return { ...base, name: RERUN, parameters };
}

function httpRerunNode(job: BatchJob, batching?: Batching): N8nNode {
	const field = { parameterType: 'formData', name: '$prompt', value: '={{ $json.prompt }}' };
	return apiNode(RERUN, batching, {
		method: 'POST',
		url: `${job.apiUrl}/v1/workflow/${job.originalId}/rerun`,
		sendBody: true,
		contentType: 'multipart-form-data',
		bodyParameters: { parameters: [field] },
	});
}

function lookNode({ apiUrl }: BatchJob, batching?: Batching): N8nNode {
	return apiNode(LOOK, batching, { url: `=${apiUrl}/v1/workflow/{{ $json.id }}` });
}

/** Lists the outputs of a job: of the one that the node gets, unless told. */
export function outputsNode(
	{ apiUrl }: Pick<BatchJob, 'apiUrl'>,
	jobId = '{{ $json.id }}',
	batching?: Batching,
): N8nNode {
	return apiNode(OUTPUTS, batching, { url: `=${apiUrl}/v1/workflow/${jobId}/outputs` });
}

/** Downloads the file of a link. */
export function downloadNode(): N8nNode {
	const response = { response: { responseFormat: 'file', outputPropertyName: 'data' } };
	return node(DOWNLOAD, 'httpRequest', 4.5, { url: '={{ $json.src }}', options: { response } });
}

function apiNode(name: string, batching: Batching | undefined, parameters: object): N8nNode {
	const options = batching ? { batching: { batch: batching } } : {};
	return {
		...node(name, 'httpRequest', 4.5, {
			...parameters,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'comfyControlApi',
			options,
		}),
		credentials: { comfyControlApi: CREDENTIAL },
	};
}

function waitNode(): N8nNode {
	const parameters = { resume: 'timeInterval', amount: WAIT_SECONDS, unit: 'seconds' };
	return { ...node(WAIT, 'wait', 1.1, parameters), webhookId: 'batchBenchWait' };
}

function isFinishedNode(): N8nNode {
	const condition = {
		id: 'finished',
		leftValue: '={{ $json.status }}',
		rightValue: 'completed',
		operator: { type: 'string', operation: 'equals' },
	};
	const options = { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 };
	const conditions = { options, conditions: [condition], combinator: 'and' };
	return node(IS_FINISHED, 'if', 2.2, { conditions, options: {} });
}

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): N8nNode {
	const id = name.toLowerCase().replaceAll(/[^a-z]/g, '');
	return {
		id,
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0],
		parameters,
	};
}

function raised(lower: N8nNode): N8nNode {
	const [left, top] = lower.position;
	return { ...lower, position: [left, top - BRANCH_HEIGHT] };
}

function linkTo(nodeName: string) {
	return { node: nodeName, type: 'main', index: 0 };
}

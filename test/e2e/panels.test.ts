import { NodeHelpers, type INodeProperties } from 'n8n-workflow';

import { RESOURCES } from '../../nodes/ComfyControl/actions/resources';
import { ComfyControl } from '../../nodes/ComfyControl/ComfyControl.node';
import { Editor } from './editor';
import type { N8nServer } from './n8nServer';
import { setStage, type Stage } from './stage';
import { operationsWorkflow } from './workflows';

const ALL = 'allOperations0001';
const OPERATIONS = RESOURCES.flatMap(({ option: { value: resource }, operations }) =>
	operations.map(({ option }) => ({
		resource: String(resource),
		operation: String(option.value),
		name: `${String(resource)} ${String(option.value)}`,
	})),
);

let stage: Stage;
let server: N8nServer;
let editor: Editor;

beforeAll(async () => {
	stage = await setStage(() => [operationsWorkflow(ALL, OPERATIONS)]);
	server = await stage.n8n.start();
	editor = await Editor.open(server.baseUrl);
	await editor.openWorkflow(ALL);
});

afterAll(async () => {
	await editor?.close();
	await server?.stop();
	await stage?.clear();
});

const { description } = new ComfyControl();
const LABELS = new Set(description.properties.map(({ displayName }) => displayName));

/** The labels of the fields that apply to an operation as it is added. */
function labelsOf(resource: string, operation: string): string[] {
	const chosen = { resource, operation };
	const parameters =
		NodeHelpers.getNodeParameters(description.properties, chosen, true, false, null, description) ??
		{};
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter(parameters, property, null, description);
	return description.properties.filter(isShown).map(({ displayName }) => displayName);
}

it.each(OPERATIONS)('$resource $operation shows the fields that apply', async (shown) => {
	const panel = await editor.openNode(shown.name);
	await panel.getByTestId('parameter-input-operation').waitFor();
	await editor.screenshot(`panel-${shown.resource}-${shown.operation}.png`);
	const lines = (await panel.getByTestId('node-parameters').innerText()).split('\n');
	const labels = lines.map((line) => line.trim()).filter((line) => LABELS.has(line));
	await editor.closeNode();
	expect(labels).toEqual(labelsOf(shown.resource, shown.operation));
});

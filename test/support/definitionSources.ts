import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { inlineFile } from './engine';

/** More digits than a JavaScript number has. */
const SEED = '1234567890123456789';
const INPUTS = `"steps": 20, "text": "$text(prompt, a barn)"`;

/** A workflow's JSON as people write it, with line breaks and a long number. */
export const TEXT = `{\n\t"3": { "class_type": "KSampler", "inputs": { "seed": ${SEED}, ${INPUTS} } }\n}\n`;

const OBJECT = { '3': { class_type: 'KSampler', inputs: { steps: 20, text: '$text(prompt, é)' } } };

const file = (content: string | Buffer): INodeExecutionData => ({
	json: {},
	binary: {
		flow: inlineFile(Buffer.from(content), { fileName: 'flow.json', mimeType: 'application/json' }),
	},
});

interface Source {
	what: string;
	parameters: INodeParameters;
	item: INodeExecutionData;
	/** What has to reach ComfyControl. */
	sent: string;
}

/** The ways to give an item's workflow JSON. */
export const SOURCES: Source[] = [
	{
		what: 'a text, with every digit',
		parameters: { workflowJson: TEXT },
		item: { json: {} },
		sent: TEXT,
	},
	{
		what: 'the text of an expression, with every digit',
		parameters: { workflowJson: '={{ $json.flow }}' },
		item: { json: { flow: TEXT } },
		sent: TEXT,
	},
	{
		what: 'an object',
		parameters: { workflowJson: '={{ $json.flow }}' },
		item: { json: { flow: OBJECT } },
		sent: JSON.stringify(OBJECT),
	},
	{
		what: 'a file, with every digit',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: 'flow' },
		item: file(TEXT),
		sent: TEXT,
	},
	{
		what: 'the only file of the item',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: '' },
		item: file(TEXT),
		sent: TEXT,
	},
	{
		what: 'a file that begins with a byte order mark',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: 'flow' },
		item: file(`\uFEFF${TEXT}`),
		sent: TEXT,
	},
];

interface WrongSource {
	what: string;
	parameters: INodeParameters;
	item: INodeExecutionData;
	message: string | RegExp;
}

/** Workflow JSON that nothing is to be sent for. */
export const WRONG_SOURCES: WrongSource[] = [
	{
		what: 'no JSON',
		parameters: { workflowJson: '={{ $json.nothing }}' },
		item: { json: {} },
		message: 'No workflow JSON is given',
	},
	{
		what: 'broken JSON',
		parameters: { workflowJson: '={{ "{" }}' },
		item: { json: {} },
		message: /^The workflow JSON isn't valid JSON: /,
	},
	{
		what: 'JSON in the format of ComfyUI’s editor',
		parameters: { workflowJson: '{ "nodes": [], "links": [], "config": {} }' },
		item: { json: {} },
		message: "The workflow JSON is in the format of ComfyUI's editor",
	},
	{
		what: 'a file in that format',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: 'flow' },
		item: file('{ "nodes": [], "links": [] }'),
		message: "The workflow JSON is in the format of ComfyUI's editor",
	},
	{
		what: 'JSON of something else',
		parameters: { workflowJson: '[1, 2]' },
		item: { json: {} },
		message: "The workflow JSON isn't a ComfyUI workflow in API format",
	},
	{
		what: 'what is almost a placeholder',
		parameters: { workflowJson: TEXT.replace('$text(prompt', 'a $text(prompt') },
		item: { json: {} },
		message: "'a $text(prompt, a barn)' is not quite a placeholder",
	},
	{
		what: 'a choice with too many options',
		parameters: { workflowJson: TEXT.replace('a barn', 'x)","a":"$choice(s, 1, 2, 3, 4, 5') },
		item: { json: {} },
		message: "The choice 's' has 5 options",
	},
	{
		what: 'a file in Latin-1',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: 'flow' },
		item: file(Buffer.from(TEXT.replace('a barn', 'é'), 'latin1')),
		message: 'The file with the workflow JSON is not UTF-8',
	},
	{
		what: 'no such file',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: 'data' },
		item: file(TEXT),
		message: "The item has no binary field 'data' for the file parameter 'Workflow JSON'",
	},
	{
		what: 'an empty file',
		parameters: { workflowSource: 'binary', workflowBinaryPropertyName: 'flow' },
		item: file(''),
		message: "The file for 'Workflow JSON' is empty",
	},
];

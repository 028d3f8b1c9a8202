import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { inlineFile } from '../../../../support/engine';
import { VALID, WRONG, type CorpusFile } from '../../parameters/corpus';
import { byId, SEEDS, sentBy, stage } from '../../../../support/stage';

const FILE = { workflowSource: 'binary', workflowBinaryPropertyName: 'flow' };
const create = (more: INodeParameters): INodeParameters => ({
	resource: 'workflow',
	operation: 'create',
	name: 'Barn',
	...more,
});
const createTemplate = (more: INodeParameters): INodeParameters => ({
	...create(more),
	resource: 'template',
	description: 'x',
});
const asFile = ({ bytes }: CorpusFile): INodeExecutionData => ({
	json: {},
	binary: { flow: inlineFile(bytes, { fileName: 'flow.json', mimeType: 'application/json' }) },
});
const textOf = ({ bytes, sent }: CorpusFile) => sent ?? bytes.toString();

describe('the files that people bring', () => {
	const at = stage();
	const sentJson = () => sentBy(at.sandbox, 'POST').map(({ files }) => files[0].content.toString());

	it('are at least 40', () => {
		expect(VALID.length + WRONG.length).toBeGreaterThanOrEqual(40);
	});

	it.each(VALID)('arrive as they are: $what', async (file) => {
		const text = textOf(file);
		for (const parameters of [create, createTemplate]) {
			const runs = [
				await at.run(parameters(FILE), { items: [asFile(file)] }),
				await at.run(parameters({ workflowJson: '={{ $json.flow }}' }), {
					items: [{ json: { flow: text } }],
				}),
			];
			expect(runs.map(({ run }) => run.status)).toEqual(['success', 'success']);
		}
		expect(sentJson()).toEqual([text, text, text, text]);
	});

	it.each(VALID)('arrive by a template as they stand there: $what', async (file) => {
		const text = textOf(file).trim();
		const body = `{"id":"${SEEDS.templates.video}","name":"x", "body" : ${text} ,"z":1}`;
		at.sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 200, body });
		const template = { operation: 'run', templateId: byId(SEEDS.templates.video) };
		const { run } = await at.run({ resource: 'template', ...template });
		expect(run.status).toBe('success');
		expect(sentJson()).toEqual([text]);
	});

	it.each(WRONG)('are explained: $what', async (file) => {
		const { error } = await at.run(create(FILE), { items: [asFile(file)] });
		expect(error.message).toContain(file.message);
		expect(error.description).toContain(file.advice);
		expect(at.sandbox.requests).toEqual([]);
	});

	it('count the placeholders of a template whose JSON is a text', async () => {
		const text =
			'{"3":{"class_type":"A","inputs":{"seed":9007199254740993,"t":"$text(prompt, x)"}}}';
		const body = JSON.stringify({ id: SEEDS.templates.video, name: 'x', body: text });
		at.sandbox.failNext({ on: { method: 'GET' }, kind: 'http', status: 200, body });
		const template = { operation: 'run', templateId: byId(SEEDS.templates.video) };
		await at.run({ resource: 'template', ...template });
		expect(sentJson()).toEqual([text]);
		expect(sentBy(at.sandbox, 'POST')[0].fields[1]).toEqual({ name: '$prompt', value: 'x' });
	});
});

describe('60 MB are too much', () => {
	const at = stage();
	const long = 'x'.repeat(30 * 1024 * 1024);
	const flow = (text: string) =>
		`{"3":{"class_type":"A","inputs":{"p":"$text(p, d)","t":"${text}"}}}`;
	const bytes = Buffer.from(flow(long + long));
	const large = { json: { flow: bytes.toString() } };
	const parameters = { text: [{ name: 'p', value: '={{ $json.long }}' }] };

	it.each<[string, INodeParameters, INodeExecutionData]>([
		['a text', create({ workflowJson: '={{ $json.flow }}' }), large],
		['a file', create(FILE), asFile({ what: '', bytes })],
		[
			'JSON and a parameter together',
			create({ workflowJson: '={{ $json.flow }}', parameters }),
			{ json: { flow: flow(long), long } },
		],
		['the JSON of a template', createTemplate({ workflowJson: '={{ $json.flow }}' }), large],
		[
			'the update of a template',
			{
				resource: 'template',
				operation: 'update',
				templateId: byId(SEEDS.templates.video),
				updateFields: { workflowJson: '={{ $json.flow }}' },
			},
			large,
		],
	])('in %s: nothing is sent', async (_where, entered, item) => {
		const { error } = await at.run(entered, { items: [item] });
		expect(error.message).toContain('larger than ComfyControl');
		expect(error.description).toMatch(/60\.[01] MB/);
		expect(at.sandbox.requests).toEqual([]);
	});

	it('starts no other item either', async () => {
		const short = { json: { flow: flow('x') } };
		const { error } = await at.run(create({ workflowJson: '={{ $json.flow }}' }), {
			items: [short, large],
		});
		expect(error.description).toContain('Nothing was sent for any item.');
		expect(at.sandbox.requests).toEqual([]);
	});
});

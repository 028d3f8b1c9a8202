import { createHash } from 'node:crypto';
import { examplePng } from './png';
import { setStage, type Stage } from './stage';
import { chain, imageNodes, RERUN_NODE, rerunNode } from './workflows';

const WORKFLOW = 'binaryModes000001';

let stage: Stage;

beforeAll(async () => {
	stage = await setStage(({ seeds: { textToImage } }) => {
		const rerun = rerunNode({ originalId: textToImage, text: 'a fox', sampler: 'dpm_2' });
		const parameters = { ...rerun.parameters, waitForCompletion: true };
		const nodes = [...imageNodes(examplePng()), { ...rerun, parameters }];
		return [chain(WORKFLOW, 'Files of all kinds', nodes)];
	});
});

afterEach(() => stage.sandbox.reset());

afterAll(async () => await stage?.clear());

it.each([
	['in memory', 'default', expect.not.objectContaining({ id: expect.anything() })],
	['on disk', 'filesystem', expect.objectContaining({ id: expect.stringMatching(/^filesystem/) })],
	[
		'in the database',
		'database',
		expect.objectContaining({ id: expect.stringMatching(/^database/) }),
	],
])('uploads and hands over files that are %s', async (_where, mode, stored) => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(WORKFLOW, { N8N_DEFAULT_BINARY_DATA_MODE: mode });

	expect(execution.errorMessage()).toBeUndefined();
	const [{ files }] = sandbox.requests.filter(({ method }) => method === 'POST');
	const sha256 = createHash('sha256').update(examplePng()).digest('hex');
	expect(files).toEqual([expect.objectContaining({ fieldName: '$input_image', sha256 })]);
	const [{ binary }] = execution.items(RERUN_NODE);
	expect(binary).toEqual({ data: stored });
	expect(binary).toMatchObject({ data: { mimeType: 'image/png', fileExtension: 'png' } });
});

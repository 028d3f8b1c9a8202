import { createHash } from 'node:crypto';
import { wantedVersion } from './n8nInstall';
import { paintSketch } from '../sandbox/picture';
import { setStage, type Stage } from './stage';
import { chain, imageNodes, RERUN_NODE, rerunNode } from './workflows';

const WORKFLOW = 'binaryModes000001';
const COMBINED = 'binaryModes000002';

let stage: Stage;

beforeAll(async () => {
	stage = await setStage(({ seeds: { textToImage } }) => {
		const rerun = rerunNode({ originalId: textToImage, text: 'a fox', sampler: 'dpm_2' });
		const parameters = { ...rerun.parameters, waitForCompletion: true };
		const nodes = [...imageNodes(paintSketch()), { ...rerun, parameters }];
		const combined = chain(COMBINED, 'Files of all kinds, combined', nodes);
		return [
			chain(WORKFLOW, 'Files of all kinds', nodes),
			{ ...combined, settings: { ...combined.settings, binaryMode: 'combined' } },
		];
	});
});

afterEach(() => stage.sandbox.reset());

afterAll(async () => await stage?.clear());

interface BinaryMode {
	where: string;
	mode: string;
	/** What an item then holds of a file. */
	stored: unknown;
}

const IN_MEMORY: BinaryMode = {
	where: 'in memory',
	mode: 'default',
	stored: expect.not.objectContaining({ id: expect.anything() }),
};
const ON_DISK: BinaryMode = {
	where: 'on disk',
	mode: 'filesystem',
	stored: expect.objectContaining({ id: expect.stringMatching(/^filesystem/) }),
};
const IN_DATABASE: BinaryMode = {
	where: 'in the database',
	mode: 'database',
	stored: expect.objectContaining({ id: expect.stringMatching(/^database/) }),
};
// n8n 1 knows no database mode.
const MODES = [IN_MEMORY, ON_DISK, ...(wantedVersion().startsWith('1.') ? [] : [IN_DATABASE])];

it.each(MODES)('uploads and hands over files that are $where', async ({ mode, stored }) => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(WORKFLOW, { N8N_DEFAULT_BINARY_DATA_MODE: mode });

	expect(execution.errorMessage()).toBeUndefined();
	const [{ files }] = sandbox.requests.filter(({ method }) => method === 'POST');
	const sha256 = createHash('sha256').update(paintSketch()).digest('hex');
	expect(files).toEqual([expect.objectContaining({ fieldName: '$input_image', sha256 })]);
	const [{ binary }] = execution.items(RERUN_NODE);
	expect(binary).toEqual({ data: stored });
	expect(binary).toMatchObject({ data: { mimeType: 'image/png', fileExtension: 'png' } });
});

// n8n 2.35 and later fill in no credential with expressions in this mode.
it('signs in and uploads with the workflow setting for the combined binary mode', async () => {
	const { n8n, sandbox } = stage;

	const execution = await n8n.execute(COMBINED, { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' });

	expect(execution.errorMessage()).toBeUndefined();
	const [{ files }] = sandbox.requests.filter(({ method }) => method === 'POST');
	const sha256 = createHash('sha256').update(paintSketch()).digest('hex');
	expect(files).toEqual([expect.objectContaining({ fieldName: '$input_image', sha256 })]);
	expect(execution.items(RERUN_NODE)).toHaveLength(1);
});

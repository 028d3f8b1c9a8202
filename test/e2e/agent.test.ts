import { createHash } from 'node:crypto';
import { startChatModel, type ChatModel } from './chatModel';
import { paintSketch } from '../sandbox/picture';
import { file, FileServer } from '../support/fileServer';
import { at } from '../support/guards';
import { isFirstMajor } from './n8nInstall';
import { setStage, type Stage } from './stage';
import { agentWorkflow, CHAT_CREDENTIAL, LEFT_TO_MODEL } from './workflows';

const AGENT = 'agentWithTool0001';
const AGENT_WITH_JSON = 'agentWithJson0001';
const CHOOSING = 'agentChoosing0001';
const PROMPT = 'a fox asleep in a library';
const LONGEST_ANSWER = 1_000;

let stage: Stage;
let model: ChatModel;
let files: FileServer;

beforeAll(async () => {
	files = await FileServer.start();
	const inputImage = files.serve('/fox.png', file(paintSketch(), { 'content-type': 'image/png' }));
	const parameters = { prompt: PROMPT, input_image: inputImage, sampler: 'ddim' };
	model = await startChatModel([
		{ toolArguments: { prompt: PROMPT } },
		{ text: 'There it is.' },
		{ toolArguments: { parameters } },
		{ text: 'There it is.' },
		{ toolArguments: { prompt: PROMPT, sampler: 'DPM 2 karras' } },
		{ toolArguments: { prompt: PROMPT, sampler: 'dpm_2' } },
		{ text: 'There it is.' },
	]);
	stage = await setStage(({ seeds: { textToImage } }) => [
		agentWorkflow(AGENT, textToImage),
		agentWorkflow(AGENT_WITH_JSON, textToImage, LEFT_TO_MODEL.json),
		agentWorkflow(CHOOSING, textToImage, LEFT_TO_MODEL.choice),
	]);
	const data = { apiKey: 'none', url: model.baseUrl };
	await stage.n8n.importCredentials([{ ...CHAT_CREDENTIAL, type: 'openAiApi', data }]);
});

beforeEach(() => stage.sandbox.reset());

afterAll(async () => {
	await stage?.clear();
	await model?.stop();
	files?.stop();
});

/** What the tool answered, as the model gets to read it in a request. */
function toldTo(request: unknown): string {
	const messages = at(request, 'messages');
	const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
	return String(at(last, 'content'));
}

it('lets an AI agent rerun a workflow with the prompt that its model chose', async () => {
	const execution = await stage.n8n.execute(AGENT);

	expect(execution.errorMessage()).toBeUndefined();
	const [rerun] = stage.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(rerun.fields).toEqual([{ name: '$prompt', value: PROMPT }]);

	expect(model.requests).toHaveLength(2);
	const answer = toldTo(model.requests[1]);
	expect(answer.length).toBeLessThan(LONGEST_ANSWER);
	expect(JSON.parse(answer)).toMatchObject([
		{
			id: rerun.workflowId,
			status: 'completed',
			outputs: [{ src: expect.stringMatching(/^http/) }],
		},
	]);
});

it('takes from the model all parameters in one object, with a file by its address', async () => {
	const execution = await stage.n8n.execute(AGENT_WITH_JSON);

	expect(execution.errorMessage()).toBeUndefined();
	const [rerun, ...others] = stage.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(others).toEqual([]);
	expect(rerun.fields).toEqual([
		{ name: '#sampler', value: 'ddim' },
		{ name: '$prompt', value: PROMPT },
	]);
	const sha256 = createHash('sha256').update(paintSketch()).digest('hex');
	expect(rerun.files).toMatchObject([
		{ fieldName: '$input_image', fileName: 'fox.png', mimeType: 'image/png', sha256 },
	]);
	expect(JSON.parse(toldTo(model.requests.at(-1)))).toMatchObject([
		{ id: rerun.workflowId, status: 'completed' },
	]);
	expect(files.requests).toHaveLength(1);
	expect(files.signedIn(stage.sandbox.token)).toEqual([]);
});

it('lets its model put right a choice that the workflow does not offer', async () => {
	const since = model.requests.length;
	const execution = await stage.n8n.execute(CHOOSING);

	if (isFirstMajor()) {
		// n8n 1 does not let an agent go on after an error of its tool.
		expect(execution.errorMessage()).toContain("'euler_ancestral', 'euler', 'dpm_2', 'ddim'");
		expect(stage.sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
		return;
	}
	expect(execution.errorMessage()).toBeUndefined();
	const reruns = stage.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(reruns.map(({ fields }) => fields)).toEqual([
		[
			{ name: '$prompt', value: PROMPT },
			{ name: '#sampler', value: 'dpm_2' },
		],
	]);
	expect(model.requests).toHaveLength(since + 3);
	const told = toldTo(model.requests[since + 1]);
	expect(told).toContain("'DPM 2 karras' is not an option of 'sampler'");
	expect(told).toContain("'euler_ancestral', 'euler', 'dpm_2', 'ddim'");
	expect(told).toContain('Nothing was sent.');
	expect(toldTo(model.requests[since + 2])).toContain(reruns[0].workflowId);
});

import { startChatModel, type ChatModel } from './chatModel';
import { at } from '../support/guards';
import { setStage, type Stage } from './stage';
import { agentWorkflow, CHAT_CREDENTIAL } from './workflows';

const AGENT = 'agentWithTool0001';
const PROMPT = 'a fox asleep in a library';
const LONGEST_ANSWER = 1_000;

let stage: Stage;
let model: ChatModel;

beforeAll(async () => {
	model = await startChatModel([{ toolArguments: { prompt: PROMPT } }, { text: 'There it is.' }]);
	stage = await setStage(({ seeds }) => [agentWorkflow(AGENT, seeds.textToImage)]);
	const data = { apiKey: 'none', url: model.baseUrl };
	await stage.n8n.importCredentials([{ ...CHAT_CREDENTIAL, type: 'openAiApi', data }]);
});

afterAll(async () => {
	await stage?.clear();
	await model?.stop();
});

it('lets an AI agent rerun a workflow with the prompt that its model chose', async () => {
	const execution = await stage.n8n.execute(AGENT);

	expect(execution.errorMessage()).toBeUndefined();
	const [rerun] = stage.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(rerun.fields).toEqual([{ name: '$prompt', value: PROMPT }]);

	expect(model.requests).toHaveLength(2);
	const messages = at(model.requests[1], 'messages');
	const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
	const answer = String(at(last, 'content'));
	expect(answer.length).toBeLessThan(LONGEST_ANSWER);
	expect(JSON.parse(answer)).toMatchObject([
		{
			id: rerun.workflowId,
			status: 'completed',
			outputs: [{ src: expect.stringMatching(/^http/) }],
		},
	]);
});

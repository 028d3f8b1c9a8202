import { othersWorkflowId, type Switches } from '../../../../sandbox';
import {
	byId,
	itExplainsCommonErrors,
	itExplainsWrongIds,
	itWorksItemByItem,
	runApart,
	SEEDS,
	stage,
} from '../../../../support/stage';

const get = (id: string, more = {}) => ({
	resource: 'workflow',
	operation: 'get',
	workflowId: byId(id),
	...more,
});
const DONE = get(SEEDS.textToImage);

describe('getting a workflow', () => {
	const at = stage({ durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: 0 } });

	it.each([
		['without its large JSON', {}, false],
		['untouched with Simplify off', { simplify: false }, true],
		['untouched with Simplify off as a text', { simplify: '={{ "false" }}' }, true],
	])('hands on the answer %s', async (_how, more, hasJson) => {
		const { outputs } = await at.run(get(SEEDS.textToImage, more));
		const workflow = at.sandbox.workflows.find(({ id }) => id === SEEDS.textToImage);
		expect(at.sandbox.requests).toMatchObject([
			{ method: 'GET', path: `/v1/workflow/${SEEDS.textToImage}` },
		]);
		expect(outputs[0]).toEqual([
			{
				json: {
					id: SEEDS.textToImage,
					user_id: expect.any(String),
					name: 'Text to Image Generation',
					status: 'completed',
					user_runner_id: SEEDS.runners.main,
					managed_runner_id: null,
					tags: ['production', 'text2img'],
					...(hasJson && { workflow_json: workflow?.workflowJson }),
					workflow_params: [
						['#choice(sampler)', 'euler_ancestral'],
						['$text(prompt)', 'A beautiful sunset over mountains'],
						['$text(negative_prompt)', 'blurry, low quality'],
						['$file(input_image)', 'sketch.png'],
					],
					prompt_id: expect.any(String),
					queue_number: expect.any(Number),
					error_node: null,
					exception_type: null,
					exception_message: null,
					created_at: expect.any(String),
					updated_at: expect.any(String),
					started_at: expect.any(String),
					completed_at: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('leaves out what is large where Simplify is neither on nor off, and says so', async () => {
		const { outputs, hints } = await at.run(
			get(SEEDS.textToImage, { simplify: '={{ "perhaps" }}' }),
		);
		expect(outputs[0][0].json).not.toHaveProperty('workflow_json');
		expect(hints[0].message).toContain("'Simplify' is neither on nor off, and counted as on.");
	});

	it('tells why one failed', async () => {
		const why = { error_node: '3', exception_type: 'OOM', exception_message: 'Allocation' };
		at.sandbox.failJobs({ status: 'failed', ...why });
		await at.run({ ...DONE, operation: 'rerun' });
		const { outputs } = await at.run(get(at.sandbox.workflows.at(-1)?.id ?? ''));
		expect(outputs[0][0].json).toMatchObject({ status: 'failed', ...why });
	});

	it.each<Partial<Switches>>([
		{ errorFields: 'absent' },
		{ workflowJson: 'uiFormat' },
		{ paramNames: 'formField', fileParams: 'absent' },
	])('takes any reading of the documentation: %j', async (switches) => {
		const { run, outputs } = await runApart({ switches }, DONE);
		expect([run.status, outputs[0][0].json.id]).toEqual(['success', SEEDS.textToImage]);
	});

	it('finds the ID in an address', async () => {
		const value = `https://comfycontrol.app/workflows/${SEEDS.video}/outputs`;
		const { outputs } = await at.run({
			...DONE,
			workflowId: { __rl: true, mode: 'url', value },
		});
		expect(outputs[0][0].json.managed_runner_id).toBe(SEEDS.managedRunners.pro);
	});

	it('sends nothing when there is no ID in what was entered', async () => {
		const { error } = await at.run(get('={{ "my workflow" }}'));
		expect(error.message).toBe("'my workflow' contains no workflow ID");
		expect(at.sandbox.requests).toEqual([]);
	});

	itExplainsWrongIds(at, get, 'workflow', othersWorkflowId);
	itExplainsCommonErrors(at, DONE, 'GET');
	itWorksItemByItem(at, DONE, 'GET');
});

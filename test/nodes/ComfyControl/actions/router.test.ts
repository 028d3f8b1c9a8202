import { rerunParameters } from '../../../support/rerun';
import { refusal, rows, SEEDS, stage } from '../../../support/stage';

const at = stage();

it.each([
	['workflow', 'animate', "operation 'animate' for 'workflow'", 'an operation'],
	['model', 'get', "resource 'model'", 'a resource'],
])('what this version does not have is told: %s, %s', async (resource, operation, wanted, list) => {
	const { error } = await at.run({ resource, operation });
	expect(error).toMatchObject({
		message: `This version of the node has no ${wanted}`,
		description: `Choose ${list} from the list, or update the ComfyControl node.`,
	});
	expect(at.sandbox.requests).toEqual([]);
});

describe('an error that ends the execution', () => {
	const waiting = { ...rerunParameters(SEEDS.textToImage), waitForCompletion: true };
	const outputsOf = (id: string | undefined) => `/v1/workflow/${id}/outputs`;

	it('has the ID of its workflow', async () => {
		at.sandbox.failNext({
			on: { method: 'GET', path: /\/outputs$/ },
			...refusal(403, 'Not yours'),
		});
		const { error } = await at.run(waiting);
		const { id } = at.sandbox.workflows.at(-1) ?? {};
		expect(at.sandbox.requests.at(-1)).toMatchObject({ path: outputsOf(id), status: 403 });
		expect(error.message).toBe('Not yours');
		expect(error.description).toContain(`The ID of its workflow is ${id}.`);
	});

	it('has that ID once, if its own text has it already', async () => {
		at.sandbox.failJobs({ status: 'failed', exception_message: 'Out of memory' });
		const { error } = await at.run(waiting);
		const { id } = at.sandbox.workflows.at(-1) ?? {};
		expect(`${error.message} ${error.description}`.split(String(id))).toHaveLength(2);
		expect(error.description).not.toContain('The ID of its workflow');
	});

	it('names the other workflows that run, and no more', async () => {
		at.sandbox.failNext({
			on: { method: 'GET', path: /\/outputs$/ },
			...refusal(403, 'Not yours'),
		});
		const { error } = await at.run(waiting, { items: rows({}, {}) });
		const [first, second] = at.sandbox.workflows.slice(-2).map(({ id }) => id);
		expect(error.description).toMatch(
			new RegExp(`Already started: (${first} \\(item 0\\)|${second} \\(item 1\\))\\. The`),
		);
		expect(error.description).not.toContain('may have been started too');
	});
});

import { ExecuteContext } from 'n8n-core';
import type { IExecuteFunctions, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { log, logList } from '../../../../nodes/ComfyControl/basics/notes';
import { workflowForm } from '../../../../nodes/ComfyControl/methods/resourceMapping';
import { editorContext, type EngineResult, type EngineRun } from '../../../support/engine';
import { rerunParameters } from '../../../support/rerun';
import { byId, ERROR_OUTPUT, refusal, rows, SEEDS, stage } from '../../../support/stage';

const at = stage({ durationsMs: { accepted: 0, uploaded: 0, queued: 0, running: 10_000 } });

const PROMPT = { text: [{ name: 'prompt', value: 'a barn' }] };
const ONE = rows({});

const reruns = (more: INodeParameters = {}): INodeParameters => ({
	...rerunParameters(SEEDS.textToImage, PROMPT),
	...more,
});
const waiting = (more: INodeParameters = {}) => reruns({ waitForCompletion: true, ...more });

async function mapped(): Promise<INodeParameters> {
	const parameters = rerunParameters(SEEDS.textToImage);
	const credentials = { apiToken: at.sandbox.token, baseUrl: at.sandbox.apiUrl };
	const { fields } = await workflowForm.call(editorContext({ parameters, credentials }));
	const form = { mappingMode: 'autoMapInputData', value: null, schema: fields };
	return { ...parameters, specifyParameters: 'form', parameterForm: form as never };
}

async function run(
	parameters: INodeParameters,
	items: INodeExecutionData[] = ONE,
	more: Partial<EngineRun> = {},
): Promise<EngineResult> {
	return await at.run(parameters, { items, ...more });
}

const hintsIn = ({ hints }: EngineResult) => hints.map(({ message }) => message);

/** What each hint is about, what it comes with, and how it reads. */
const hints: Array<[string, () => Promise<EngineResult>, RegExp]> = [
	[
		'links that expire',
		async () => await run(waiting({ downloadOutputs: false }), rows({}, {})),
		/^The links in the output expire after some minutes\. .* 'Download Outputs'\.$/,
	],
	[
		'links that expire, of a workflow that has completed',
		async () => {
			const { outputs } = await at.run(waiting());
			const workflowId = byId(String(outputs[0][0].json.id));
			const getOutputs = { resource: 'workflow', operation: 'getOutputs', workflowId };
			return await run({ ...getOutputs, downloadOutputs: false }, rows({}, {}));
		},
		/^The links in the output expire after some minutes\./,
	],
	[
		'refusals by the limit',
		async () => {
			at.sandbox.failNext({ on: { path: /rerun$/ }, ...refusal(429, 'slow down') });
			return await run(reruns(), rows({}, {}));
		},
		/others at this IP address .* a single n8n process\.$/,
	],
	[
		'columns left over',
		async () => await run(await mapped(), rows({ prompt: 'a', row: 1 }, { prompt: 'b', row: 2 })),
		/^Not sent, as the workflow has no parameters of these names: 'row'\. It takes .*'prompt'/,
	],
	[
		'nothing that was to change',
		async () => await run(reruns({ parameters: {} }), rows({}, {})),
		/^No parameters were given/,
	],
	[
		'one workflow that runs on',
		async () => await run(waiting({ options: { timeout: 2 } }), ONE, { settings: ERROR_OUTPUT }),
		/^1 workflow was not finished in time, .* 'Wait for Completion' with the ID in 'error\.workflowId'\.$/,
	],
	[
		'several workflows that run on',
		async () =>
			await run(waiting({ options: { timeout: 2, runsPerItem: 3 } }), ONE, {
				settings: ERROR_OUTPUT,
			}),
		/^3 workflows were not finished in time/,
	],
	[
		'what runs on when it was only waited for',
		async () => {
			const { outputs } = await at.run(reruns());
			return await run(
				{
					resource: 'workflow',
					operation: 'wait',
					workflowId: byId(String(outputs[0][0].json.id)),
					options: { timeout: 2 },
				},
				ONE,
				{ settings: ERROR_OUTPUT },
			);
		},
		/^1 workflow was not finished in time/,
	],
];

describe('a hint', () => {
	it.each(hints)('is given once, about %s', async (_, about, expected) => {
		expect(hintsIn(await about())).toEqual([expect.stringMatching(expected)]);
	});

	it('is given of nothing that needs none', async () => {
		expect(hintsIn(await run(waiting()))).toEqual([]);
	});

	it('is not given of a workflow that has failed', async () => {
		at.sandbox.failJobs({ status: 'failed' });
		expect(hintsIn(await run(waiting(), ONE, { settings: ERROR_OUTPUT }))).toEqual([]);
	});

	it('comes no more than five times, however much the items differ', async () => {
		const items = rows(...Array.from({ length: 9 }, (_, i) => ({ prompt: 'a', [`row${i}`]: 1 })));
		expect(hintsIn(await run(await mapped(), items))).toHaveLength(5);
	});

	describe('where n8n has none', () => {
		const { prototype } = ExecuteContext;
		const own = Object.getOwnPropertyDescriptor(prototype, 'addExecutionHints');
		beforeEach(() =>
			Object.defineProperty(prototype, 'addExecutionHints', {
				value: undefined,
				configurable: true,
			}),
		);
		afterEach(() => Object.defineProperty(prototype, 'addExecutionHints', own ?? {}));

		it.each(hints)('costs nothing, about %s', async (_, about) => {
			const result = await about();
			expect([result.run.status, hintsIn(result)]).toEqual(['success', []]);
		});
	});
});

describe('a line of n8n’s log', () => {
	function logged(
		about: { executionId?: string; id?: string; name?: string; node?: string },
		write: (context: IExecuteFunctions) => void,
	): string[] {
		const lines: string[] = [];
		const context: Partial<IExecuteFunctions> = {
			logger: {
				info: (text: string) => void lines.push(`info ${text}`),
				warn: (text: string) => void lines.push(`warn ${text}`),
			} as IExecuteFunctions['logger'],
			getExecutionId: () => about.executionId as string,
			getWorkflow: () => ({ id: about.id, name: about.name, active: true }),
			getNode: () => ({ name: about.node ?? 'Rerun' }) as INode,
		};
		write(context as IExecuteFunctions);
		return lines;
	}

	it.each([
		[
			{ executionId: '12', id: 'x', name: 'Pictures' },
			"execution 12, workflow 'Pictures', node 'Rerun'",
		],
		[{ id: 'x', name: 'Pictures' }, "workflow 'Pictures', node 'Rerun'"],
		[{ executionId: '12', id: 'x' }, "execution 12, workflow 'x', node 'Rerun'"],
		// In the editor.
		[{}, "node 'Rerun'"],
	])('says what it is about: %j', (about, place) => {
		expect(logged(about, (context) => log(context, 'info', 'hello'))).toEqual([
			`info ComfyControl (${place}): hello`,
		]);
	});

	it('is one line without control characters, whatever an ID or a name holds', () => {
		const about = { name: `a\nb${'x'.repeat(1_000)}`, node: 'c' };
		const [line] = logged(about, (context) => log(context, 'warn', 'started w1\u001b[2J\nfake'));
		for (const control of ['\n', '\u001b']) expect(line).not.toContain(control);
		expect(line.length).toBeLessThan(400);
	});

	it('has fifty entries of a list at most', () => {
		const entries = Array.from({ length: 120 }, (_, index) => `e${index}`);
		const lines = logged({}, (context) => logList(context, 'info', 'started', entries));
		expect(lines.map((line) => line.split(', ').length)).toEqual([50, 50, 20]);
		expect(lines[1]).toMatch(/^info ComfyControl \(node 'Rerun'\): started: e50, /);
	});
});

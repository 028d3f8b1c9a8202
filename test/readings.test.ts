import type { INodeParameters } from 'n8n-workflow';

import { MAX_REQUEST_BYTES } from '../nodes/ComfyControl/parameters/size';
import * as listSearch from '../nodes/ComfyControl/methods/listSearch';
import { workflowForm } from '../nodes/ComfyControl/methods/resourceMapping';
import {
	othersWorkflowId,
	readings,
	startSandbox,
	type Sandbox,
	type SandboxOptions,
	type Switches,
} from './sandbox';
import { clock } from './support/clock';
import { editorContext, inlineFile, type EngineResult } from './support/engine';
import { rerunParameters } from './support/rerun';
import { byId, runWith, SEEDS } from './support/stage';

/** What the node does, once for each reading. */
type Deed = (sandbox: Sandbox) => Promise<unknown>;

const FILE = inlineFile(Buffer.from('89504e47', 'hex'), { fileName: 'a picture.png' });

/** Runs the node; gives what `look` finds in the result, or the error's message. */
function run(
	parameters: INodeParameters,
	look: (result: EngineResult) => unknown = ({ outputs }) => outputs[0].length,
	file = FILE,
): Deed {
	return async (sandbox) => {
		const items = [{ json: {}, binary: { data: file } }];
		const result = await runWith(sandbox, parameters, { items });
		if (result.run.status === 'success') return look(result);
		return `${result.error.message}. ${result.error.description}`;
	};
}

/** Lets the next job end like this, and then does something. */
function after(outcome: Parameters<Sandbox['failJobs']>[0], deed: Deed): Deed {
	return async (sandbox) => {
		sandbox.failJobs(outcome);
		return await deed(sandbox);
	};
}

/** The names, kinds and last values in the form for a workflow. */
async function form({ apiUrl, token, seeds }: Sandbox): Promise<unknown> {
	const parameters = { workflowId: byId(seeds.textToImage) };
	const credentials = { apiToken: token, baseUrl: apiUrl };
	const { fields } = await workflowForm.call(editorContext({ parameters, credentials }));
	return fields.map(({ id, defaultValue }) => (defaultValue === undefined ? id : `${id}, filled`));
}

/** How many entries the editor's list of workflows has, with all its pages. */
async function listed({ apiUrl, token }: Sandbox): Promise<number> {
	const credentials = { apiToken: token, baseUrl: apiUrl };
	const context = editorContext({ parameters: {}, credentials });
	const { results } = await listSearch.searchWorkflows.call(context, 'batch run');
	return new Set(results.map(({ value }) => value)).size;
}

const rerun = (parameters: INodeParameters = {}, more: INodeParameters = {}): INodeParameters => ({
	...rerunParameters(SEEDS.textToImage, parameters),
	...more,
});
const PROMPT = { text: [{ name: 'prompt', value: 'a fox' }] };
const WAITING = rerun(PROMPT, { waitForCompletion: true });
const IMAGE = { file: [{ name: 'input_image', binaryPropertyName: 'data' }] };
const statusOf = ({ outputs }: EngineResult) => outputs[0][0].json.status;
const startedOnes = ({ workflows }: Sandbox) => workflows.filter(({ rerunOf }) => rerunOf !== null);

const KSAMPLER = '$choice(sampler, euler, dpm_2)';
const DEFINITION = JSON.stringify({
	'1': { class_type: 'KSampler', inputs: { text: '$text(prompt, a cat)', sampler: KSAMPLER } },
	'2': { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
});
const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'workflow',
	operation: 'create',
	name: 'New',
	workflowJson: DEFINITION,
	...more,
});
const on = (resource: string, operation: string, more: INodeParameters = {}): INodeParameters => ({
	resource,
	operation,
	...more,
});
const SEED_RUNNER = { runnerId: byId(SEEDS.runners.main) };
const getOriginal = on('workflow', 'get', { workflowId: byId(SEEDS.textToImage), simplify: false });

const FORM = [
	'$text(prompt), filled',
	'$text(negative_prompt), filled',
	'$file(input_image)',
	'#choice(sampler), filled',
];

/** Each switch, what the node does, and what comes of it with each reading, in the order of `readings`. */
const TABLE: { [Name in keyof Switches]: [Deed, ...unknown[]] } = {
	rerunStatus: [run(rerun(PROMPT), statusOf), 'accepted', 'accepted'],
	createStatus: [run(create(), statusOf), 'accepted', 'accepted'],
	omittedParameters: [
		run(rerun(), statusOf),
		'accepted',
		/missing parameter \$prompt\. .*If the workflow doesn't keep its earlier values, enter all/,
		/missing parameter #sampler\. .*enter all of them/,
	],
	omittedFiles: [run(rerun(PROMPT), statusOf), 'accepted', /missing parameter \$input_image/],
	omittedOnCreate: [run(create(), statusOf), 'accepted', 'accepted'],
	placeholderRules: [
		run(create({ workflowJson: DEFINITION.replace(', dpm_2)', ')') }), statusOf),
		/^The choice 'sampler' has 1 option/,
		/^The choice 'sampler' has 1 option/,
	],
	jsonPart: [run(create(), statusOf), 'accepted', 'accepted'],
	tagSpaces: [
		run(
			create({ options: { tags: ['production', ' text2img'] } }),
			({ outputs }) => outputs[0][0].json.tags,
		),
		['production', 'text2img'],
		['production', 'text2img'],
	],
	emptyRerun: [run(rerun(), statusOf), 'accepted', /no parameters were given/],
	rerunOf: [
		after({ status: 'failed' }, async (sandbox) => {
			await run(WAITING)(sandbox);
			const failedId = startedOnes(sandbox)[0].id;
			return await run(rerunParameters(failedId, PROMPT), statusOf)(sandbox);
		}),
		'accepted',
		/^Cannot rerun a workflow that is failed/,
	],
	unknownParameters: [
		run(
			rerun({ text: [{ name: 'promt', value: 'x' }] }, { options: { checkParameters: false } }),
			statusOf,
		),
		/unknown parameter \$promt/,
		'accepted',
	],
	repeatedParameters: [
		run(rerun({ text: [PROMPT.text[0], { name: '$prompt', value: 'again' }] }), statusOf),
		/^The parameter 'prompt' is entered more than once/,
		/^The parameter 'prompt' is entered more than once/,
	],
	choiceOutsideList: [
		run(
			rerun({ choice: [{ name: 'sampler', value: 'x' }] }, { options: { checkParameters: false } }),
			statusOf,
		),
		/#sampler must be one of/,
		'accepted',
	],
	emptyText: [
		run(rerun({ text: [{ name: 'prompt', value: '' }] }), statusOf),
		'accepted',
		/\$prompt cannot be empty/,
	],
	uploadedFileNames: [
		run(rerun(IMAGE), statusOf),
		'accepted',
		/file name of \$input_image may only have letters/,
	],
	runnerAvailable: [
		run(rerun(PROMPT), statusOf),
		'accepted',
		/^No runner available .*Start or add such a runner/,
	],
	parameterLimit: [
		run(rerun(PROMPT), statusOf),
		'accepted',
		/^Workflow parameter limit exceeded for your tier\. .*plan/,
	],
	templateLimit: [
		run(on('template', 'create', { name: 'T', description: 'D', workflowJson: DEFINITION })),
		1,
		/^Template limit exceeded for your tier\. .*plan/,
	],
	runnerLimit: [
		run(on('runner', 'create', { name: 'R', endpoint: 'https://comfyui.example.com' })),
		1,
		/^Runner limit exceeded for your tier\. .*plan/,
	],
	runnerReachable: [run(on('runner', 'interrupt', SEED_RUNNER)), 1, /^Could not reach the runner/],
	interrupted: [
		async (sandbox) => {
			const running = run(WAITING, statusOf)(sandbox);
			await clock.until(() => startedOnes(sandbox)[0]?.status === 'running');
			await run(on('runner', 'interrupt', { runnerId: byId(startedOnes(sandbox)[0].runner.id) }))(
				sandbox,
			);
			return await running;
		},
		/was cancelled on ComfyControl/,
		/^ComfyUI stopped: Processing interrupted/,
	],
	runnerUpdate: [
		run(
			on('runner', 'update', {
				runnerId: byId(SEEDS.runners.tagged),
				updateFields: { tags: ['new'] },
			}),
			({ outputs }) => outputs[0][0].json.tags,
		),
		['new'],
		['video', 'gpu-a100', 'new'],
	],
	privateEndpoints: [
		run(on('runner', 'create', { name: 'R', endpoint: 'http://192.168.1.100:8188' })),
		1,
		/^Endpoint is not reachable/,
	],
	// Within the limit but for the frame around it.
	tooLargeStatus: [
		run(rerun(IMAGE), undefined, inlineFile(Buffer.alloc(MAX_REQUEST_BYTES - 9))),
		/One request may carry 50 MB in all/,
		/One request may carry 50 MB in all/,
	],
	invalidIdStatus: [
		run(on('template', 'get', { templateId: byId('nonsense') })),
		/^ComfyControl has no template|^Invalid UUID/,
		/^ComfyControl has no template nonsense/,
	],
	othersStatus: [
		run({ ...rerun(PROMPT), workflowId: byId(othersWorkflowId) }),
		/^ComfyControl has no workflow/,
		/^Insufficient permissions/,
	],
	templateIds: [
		async (sandbox) =>
			await run(on('template', 'get', { templateId: byId(sandbox.seeds.templates.video) }))(
				sandbox,
			),
		1,
		1,
	],
	noOutputs: [
		after(
			{ status: 'completed', outputs: 0 },
			run(WAITING, ({ outputs }) => outputs[0][0].json.outputs),
		),
		[],
		[],
	],
	statusFilter: [
		run(
			on('workflow', 'getAll', { filters: { status: 'completed' }, returnAll: true }),
			({ outputs }) => [...new Set(outputs[0].map(({ json }) => json.status))].sort(),
		),
		['completed'],
		['completed'],
		['completed'],
	],
	pageOutOfRange: [run(on('workflow', 'getAll', { returnAll: true })), 5, 5],
	paramNames: [form, FORM, FORM, FORM],
	fileParams: [form, FORM, FORM],
	generatedParams: [form, FORM, FORM],
	workflowJson: [form, FORM, FORM, FORM],
	errorFields: [
		run(getOriginal, ({ outputs }) => outputs[0][0].json.exception_message ?? 'none'),
		'none',
		'none',
	],
	errorFieldsOfInvalid: [
		after({ status: 'invalid', exception_message: 'no such node' }, run(WAITING)),
		/^ComfyUI did not accept the workflow: no such node/,
		/^ComfyUI did not accept the workflow\. Workflow/,
	],
	completedAtOfFailed: [
		after({ status: 'failed', exception_message: 'out of memory' }, run(WAITING)),
		/^ComfyUI stopped: out of memory/,
		/^ComfyUI stopped: out of memory/,
	],
	queueNumber: [
		run(rerun(PROMPT, { waitForCompletion: true, options: { timeout: 0.2 } })),
		/was not finished after 0.2 seconds/,
		/was not finished after 0.2 seconds/,
	],
	cancelTakesMs: [
		async (sandbox) => {
			const running = run(WAITING, statusOf)(sandbox);
			await clock.until(() => startedOnes(sandbox)[0]?.status === 'running');
			await run(on('workflow', 'cancel', { workflowId: byId(startedOnes(sandbox)[0].id) }))(
				sandbox,
			);
			return await running;
		},
		/was cancelled on ComfyControl/,
		/was cancelled on ComfyControl/,
	],
	rateLimitBody: [
		async (sandbox) => {
			for (let i = 0; i < 41; i++) await fetch(sandbox.apiUrl);
			return await run(on('user', 'get'), () => 41)(sandbox);
		},
		41,
		41,
	],
	retryAfter: [
		async (sandbox) => {
			for (let i = 0; i < 41; i++) await fetch(sandbox.apiUrl);
			return await run(on('user', 'get'), () => 41)(sandbox);
		},
		41,
		41,
	],
	storagePacks: [
		run(WAITING, ({ outputs }) => Object.keys(outputs[0][0].binary ?? {})),
		['data'],
		['data'],
	],
	pages: [listed, 175, 66],
	repeatsToken: [
		after({ status: 'failed', exception_message: 'out of memory' }, run(WAITING)),
		/^ComfyUI stopped: out of memory\. /,
		/^ComfyUI stopped: out of memory \(Bearer \*\*\*\)?/,
	],
	userProvider: [run(on('user', 'get')), 1, 1],
};

// Long enough for something to happen while a job runs.
const SLOW = { durationsMs: { running: 60_000 } };
const OPTIONS: Partial<Record<string, SandboxOptions>> = {
	interrupted: SLOW,
	cancelTakesMs: SLOW,
	pages: { history: 250 },
};

describe.each(Object.entries(readings))('with the reading of %s', (name, values) => {
	const row = Object.entries(TABLE).find(([key]) => key === name);

	it.each(values.map((value, index) => [value, index] as const))('%p', async (value, index) => {
		const [deed, ...expected] = row?.[1] ?? [];
		if (deed === undefined || expected.length !== values.length) throw new Error('No row for it');
		const sandbox = await startSandbox({
			clock,
			pictures: 'plain',
			...OPTIONS[name],
			switches: { [name]: value },
		});
		try {
			const comesOfIt = await deed(sandbox);
			const wanted = expected[index];
			if (wanted instanceof RegExp) expect(comesOfIt).toMatch(wanted);
			else expect(comesOfIt).toEqual(wanted);
			expect(JSON.stringify(comesOfIt)).not.toContain(sandbox.token);
		} finally {
			await sandbox.stop();
		}
	});
});

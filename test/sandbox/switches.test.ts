import {
	defaultSwitches,
	othersRunnerId,
	othersTemplateId,
	othersWorkflowId,
	readings,
	type JobOutcome,
	type Switches,
} from './index';
import { formOf, jsonFile, textAt, trial, valueAt, type Fields, type Trial } from './testkit';

const everything = () => ({
	$prompt: 'a fox',
	$negative_prompt: 'ugly',
	$input_image: new File(['bytes'], 'new image.png'),
	'#sampler': 'dpm_2',
});

const without = (field: string) =>
	Object.fromEntries(Object.entries(everything()).filter(([name]) => name !== field));

/** What a question to the sandbox gives under each reading; every reading of a switch is here. */
interface Reading<Name extends keyof Switches> {
	name: Name;
	ask: (bench: Trial) => Promise<unknown>;
	answers: Array<[Switches[Name], unknown]>;
}

const tested = new Map<string, unknown[]>();

function reading<Name extends keyof Switches>({ name, ask, answers }: Reading<Name>): void {
	tested.set(
		name,
		answers.map(([value]) => value),
	);
	it.each(answers)(`${name} = %p`, async (value, expected) => {
		const bench = await trial({ switches: { [name]: value } });
		expect(await ask(bench)).toEqual(expected);
	});
	it(`${name} is the documented or most likely one by default`, async () => {
		const bench = await trial();
		const usual = answers.find(([value]) => value === defaultSwitches[name]);
		expect(await ask(bench)).toEqual(usual?.[1]);
	});
}

const rerunStatus = (fields: () => Record<string, string | File>) => async (bench: Trial) =>
	(await bench.rerun(fields())).status;

/** A detail of a job that has ended in some way. */
const ended =
	(outcome: JobOutcome, path: string) =>
	async ({ sandbox, started, get, clock }: Trial) => {
		sandbox.failJobs(outcome);
		const id = await started();
		clock.ms += 1000;
		return valueAt((await get(`/v1/workflow/${id}`)).json, path);
	};

const seedDetail =
	(path: string) =>
	async ({ get, sandbox }: Trial) =>
		valueAt((await get(`/v1/workflow/${sandbox.seeds.textToImage}`)).json, path);

const paramNamesOf = async (bench: Trial) => {
	const params = Object.values(Object(await seedDetail('workflow_params')(bench)));
	return params.map((param) => valueAt(param, '0'));
};

const valueOf = (name: string) => async (bench: Trial) => {
	const { status } = await bench.rerun(without(`$${name}`));
	if (status !== 200) return status;
	return bench.sandbox.workflows.at(-1)?.params.find((param) => param.name === name)?.value;
};

describe('reruns', () => {
	reading({
		name: 'rerunStatus',
		ask: rerunStatus(everything),
		answers: [
			[200, 200],
			[201, 201],
		],
	});
	reading({
		name: 'omittedParameters',
		ask: async (bench) => {
			await bench.rerun({ ...everything(), $negative_prompt: 'mine', '#sampler': 'ddim' });
			const id = bench.sandbox.workflows.at(-1)?.id;
			const form = new FormData();
			form.set('$prompt', 'a fox');
			const { status } = await bench.post(`/v1/workflow/${id}/rerun`, form);
			if (status !== 200) return status;
			return bench.sandbox.workflows.at(-1)?.params.map(({ value }) => value);
		},
		answers: [
			['kept', ['ddim', 'a fox', 'mine', 'new image.png']],
			['defaults', ['euler_ancestral', 'a fox', 'blurry, low quality', 'new image.png']],
			['refused', 400],
		],
	});
	reading({
		name: 'omittedFiles',
		ask: valueOf('input_image'),
		answers: [
			['kept', 'sketch.png'],
			['refused', 400],
		],
	});
	reading({
		name: 'emptyRerun',
		ask: rerunStatus(() => ({})),
		answers: [
			['accepted', 200],
			['refused', 400],
		],
	});

	reading({
		name: 'rerunOf',
		ask: async ({ started, post }) => {
			const id = await started();
			return (await post(`/v1/workflow/${id}/rerun`, new FormData())).status;
		},
		answers: [
			['anyState', 200],
			['completedOnly', 400],
		],
	});
	reading({
		name: 'unknownParameters',
		ask: rerunStatus(() => ({ ...everything(), $colour: 'red' })),
		answers: [
			['refused', 400],
			['ignored', 200],
		],
	});
	reading({
		name: 'repeatedParameters',
		ask: async ({ post, sandbox }) => {
			const form = new FormData();
			form.append('$prompt', 'first');
			form.append('$prompt', 'last');
			const path = `/v1/workflow/${sandbox.seeds.textToImage}/rerun`;
			const { status } = await post(path, form);
			const prompt = sandbox.workflows.at(-1)?.params.find(({ name }) => name === 'prompt');
			return [status, sandbox.requests[0].fields.length, prompt?.value];
		},
		answers: [
			['refused', [400, 2, expect.not.stringContaining('last')]],
			['lastWins', [200, 2, 'last']],
		],
	});
	reading({
		name: 'choiceOutsideList',
		ask: rerunStatus(() => ({ '#sampler': 'heun' })),
		answers: [
			['refused', 400],
			['accepted', 200],
		],
	});
	reading({
		name: 'emptyText',
		ask: rerunStatus(() => ({ $prompt: '' })),
		answers: [
			['accepted', 200],
			['refused', 400],
		],
	});
	reading({
		name: 'uploadedFileNames',
		ask: rerunStatus(everything),
		answers: [
			['any', 200],
			['lettersDigitsHyphenUnderscore', 400],
		],
	});
	it('lettersDigitsHyphenUnderscore lets other names through [C-TPL]', async () => {
		const { rerun } = await trial({
			switches: { uploadedFileNames: 'lettersDigitsHyphenUnderscore' },
		});
		expect((await rerun({ $input_image: new File(['x'], 'new-image_2.png') })).status).toBe(200);
	});
	reading({
		name: 'runnerAvailable',
		ask: async ({ rerun }) => valueAt((await rerun()).json, 'message'),
		answers: [
			[true, undefined],
			[false, 'No runner available with matching tags'],
		],
	});
	reading({
		name: 'parameterLimit',
		ask: rerunStatus(everything),
		answers: [
			[null, 200],
			[4, 200],
			[3, 403],
		],
	});
	// The request of 50 MB that shows it is in multipart.test.ts.
	tested.set('tooLargeStatus', [400, 413]);
});

const smallWorkflow = {
	'1': { class_type: 'CLIPTextEncode', inputs: { text: '$text(style, oil, on canvas)' } },
	'2': { class_type: 'KSampler', inputs: { sampler_name: '$choice(sampler, euler, ddim)' } },
};

const create =
	(fields: Fields = {}) =>
	async ({ post }: Trial) =>
		await post(
			'/v1/workflow',
			formOf({ name: 'New', workflow_json: jsonFile(smallWorkflow), ...fields }),
		);

describe('new workflows', () => {
	reading({
		name: 'createStatus',
		ask: async (bench) => (await create()(bench)).status,
		answers: [
			[201, 201],
			[200, 200],
		],
	});
	reading({
		name: 'omittedOnCreate',
		ask: async (bench) => {
			const { status } = await create()(bench);
			if (status !== 201) return status;
			return bench.sandbox.workflows.at(-1)?.params.map(({ value }) => value);
		},
		answers: [
			['defaults', ['oil, on canvas', 'euler']],
			['refused', 400],
		],
	});

	reading({
		name: 'placeholderRules',
		ask: async (bench) => {
			const statusWith = async (token: string) => {
				const inputs = { value: token };
				const workflow_json = jsonFile({ '1': { class_type: 'Example', inputs } });
				const $file = new File(['bytes'], 'picture.png');
				const fields: Fields = token.includes('.png') ? { '$my image.png': $file } : {};
				return (await create({ workflow_json, ...fields })(bench)).status;
			};
			const one = await statusWith('$choice(sampler, euler)');
			const five = await statusWith('$choice(sampler, a, b, c, d, e)');
			return [one, five, await statusWith('$file(my image.png)'), (await create()(bench)).status];
		},
		answers: [
			['unchecked', [201, 201, 201, 201]],
			['checked', [400, 400, 400, 201]],
		],
	});
	reading({
		name: 'jsonPart',
		ask: async (bench) =>
			(await create({ workflow_json: JSON.stringify(smallWorkflow) })(bench)).status,
		answers: [
			['fileOnly', 400],
			['textToo', 201],
		],
	});
	reading({
		name: 'tagSpaces',
		ask: async (bench) => valueAt((await create({ tags: 'a, b ,c,' })(bench)).json, 'tags'),
		answers: [
			['trimmed', ['a', 'b', 'c']],
			['kept', ['a', ' b ', 'c']],
		],
	});
});

describe('templates', () => {
	const template = (): Fields => ({
		name: 'New',
		description: 'A template',
		body: jsonFile(smallWorkflow),
	});
	reading({
		name: 'templateLimit',
		ask: async ({ post }) => {
			const answers = [await post('/v1/template', formOf(template()))];
			answers.push(await post('/v1/template', formOf(template())));
			return answers.map(({ status, json }) => [status, valueAt(json, 'message')]);
		},
		answers: [
			[
				null,
				[
					[201, undefined],
					[201, undefined],
				],
			],
			[
				3,
				[
					[201, undefined],
					[403, 'Template limit exceeded for your tier'],
				],
			],
		],
	});
	reading({
		name: 'templateIds',
		ask: async ({ get, post, sandbox }) => {
			const seeded = sandbox.seeds.templates.textToImage;
			const created = valueAt((await post('/v1/template', formOf(template()))).json, 'id');
			const answers = await Promise.all([seeded, created].map((id) => get(`/v1/template/${id}`)));
			return [...answers.map(({ status }) => status), /^[\da-f-]{36}$/.test(seeded)];
		},
		answers: [
			['uuid', [200, 200, true]],
			['notHex', [200, 200, false]],
		],
	});
	it('createStatus and jsonPart are about templates too', async () => {
		const { post } = await trial({ switches: { createStatus: 200, jsonPart: 'textToo' } });
		const fields = { ...template(), body: JSON.stringify(smallWorkflow) };
		expect((await post('/v1/template', formOf(fields))).status).toBe(200);
		const usual = await trial();
		expect((await usual.post('/v1/template', formOf(fields))).status).toBe(400);
	});
});

describe('runners', () => {
	const runner = { name: 'New', endpoint: 'https://comfy.example.com' };
	reading({
		name: 'runnerLimit',
		ask: async ({ send }) => {
			const { status, json } = await send('POST', '/v1/runner', runner);
			return [status, valueAt(json, 'message')];
		},
		answers: [
			[null, [201, undefined]],
			[4, [201, undefined]],
			[3, [403, 'Runner limit exceeded for your tier']],
		],
	});
	reading({
		name: 'runnerReachable',
		ask: async ({ started, post, clock, sandbox }) => {
			const id = await started();
			clock.ms += 200;
			const interrupt = `/v1/runner/${sandbox.seeds.runners.main}/interrupt`;
			const answers = [await post(`/v1/workflow/${id}/cancel`), await post(interrupt)];
			return answers.map(({ status }) => status);
		},
		answers: [
			[true, [200, 200]],
			[false, [500, 500]],
		],
	});
	reading({
		name: 'interrupted',
		ask: async ({ started, post, get, clock, sandbox }) => {
			const id = await started();
			clock.ms += 200;
			await post(`/v1/runner/${sandbox.seeds.runners.main}/interrupt`);
			const { json } = await get(`/v1/workflow/${id}`);
			return [valueAt(json, 'status'), valueAt(json, 'exception_message')];
		},
		answers: [
			['cancelled', ['cancelled', null]],
			['failed', ['failed', 'Processing interrupted']],
		],
	});
	reading({
		name: 'runnerUpdate',
		ask: async ({ send, sandbox }) => {
			const path = `/v1/runner/${sandbox.seeds.runners.tagged}`;
			await send('PUT', path, { tags: ['a'], headers: { 'X-One': '1' } });
			const { json } = await send('PUT', path, { tags: ['b'], headers: { 'X-Two': '2' } });
			return [valueAt(json, 'tags'), valueAt(json, 'headers')];
		},
		answers: [
			['replaces', [['b'], { 'X-Two': '2' }]],
			['merges', [['video', 'gpu-a100', 'a', 'b'], { 'X-One': '1', 'X-Two': '2' }]],
		],
	});
	reading({
		name: 'privateEndpoints',
		ask: async ({ send }) => {
			const endpoints = ['http://192.168.1.100:8188', 'http://localhost:8188', runner.endpoint];
			const answers = await Promise.all(
				endpoints.map((endpoint) => send('POST', '/v1/runner', { ...runner, endpoint })),
			);
			return answers.map(({ status }) => status);
		},
		answers: [
			['accepted', [201, 201, 201]],
			['refused', [400, 400, 201]],
		],
	});
	it('statusFilter = ignored is about runners too', async () => {
		const { get } = await trial({ switches: { statusFilter: 'ignored' } });
		expect(valueAt((await get('/v1/runner?status=disabled')).json, 'total')).toBe(3);
	});
});

describe('things of others', () => {
	it.each([
		`/v1/template/${othersTemplateId}`,
		`/v1/runner/${othersRunnerId}`,
		`/v1/runner/${othersRunnerId}/history`,
	])('othersStatus is about %s too', async (path) => {
		const { get } = await trial({ switches: { othersStatus: 403 } });
		expect((await get(path)).status).toBe(403);
	});
	it.each(['template', 'runner', 'managed-runner'])(
		'invalidIdStatus is about a %s too',
		async (noun) => {
			const { get } = await trial({ switches: { invalidIdStatus: 404 } });
			expect((await get(`/v1/${noun}/nonsense`)).status).toBe(404);
		},
	);
});

describe('reading workflows', () => {
	reading({
		name: 'invalidIdStatus',
		ask: async ({ get }) => (await get('/v1/workflow/nonsense')).status,
		answers: [
			[400, 400],
			[404, 404],
		],
	});
	reading({
		name: 'othersStatus',
		ask: async ({ get }) => (await get(`/v1/workflow/${othersWorkflowId}`)).json,
		answers: [
			[403, { status: 403, message: 'insufficient permissions' }],
			[404, { status: 404, message: 'requested entity not found' }],
		],
	});
	reading({
		name: 'noOutputs',
		ask: async ({ sandbox, started, get, clock }) => {
			sandbox.failJobs({ status: 'completed', outputs: 0 });
			const id = await started();
			clock.ms += 1000;
			return (await get(`/v1/workflow/${id}/outputs`)).json;
		},
		answers: [
			['emptyArray', []],
			['notFound', { status: 404, message: 'requested entity not found' }],
		],
	});
	reading({
		name: 'statusFilter',
		ask: async ({ started, get }) => {
			await started();
			const queries = ['completed', 'accepted', 'nonsense'];
			const answers = await Promise.all(
				queries.map((status) => get(`/v1/workflow?status=${status}`)),
			);
			return answers.map(({ status, json }) => valueAt(json, 'total') ?? status);
		},
		answers: [
			['listedValues', [5, 400, 400]],
			['allValues', [5, 1, 400]],
			['ignored', [6, 6, 6]],
		],
	});
	reading({
		name: 'pageOutOfRange',
		ask: async ({ get }) => {
			const queries = ['per_page=0', 'per_page=1000', 'page=-1'];
			const answers = await Promise.all(queries.map((query) => get(`/v1/workflow?${query}`)));
			return answers.map(({ status }) => status);
		},
		answers: [
			['refused', [400, 400, 400]],
			['clamped', [200, 200, 200]],
		],
	});
	reading({
		name: 'paramNames',
		ask: paramNamesOf,
		answers: [
			[
				'documented',
				['#choice(sampler)', '$text(prompt)', '$text(negative_prompt)', '$file(input_image)'],
			],
			[
				'placeholder',
				[
					'$choice(sampler, euler_ancestral, euler, dpm_2, ddim)',
					'$text(prompt)',
					'$text(negative_prompt, blurry, low quality)',
					'$file(input_image)',
				],
			],
			['formField', ['#sampler', '$prompt', '$negative_prompt', '$input_image']],
		],
	});
	reading({
		name: 'fileParams',
		ask: async (bench) => (await paramNamesOf(bench)).includes('$file(input_image)'),
		answers: [
			['fileName', true],
			['absent', false],
		],
	});
	reading({
		name: 'generatedParams',
		ask: async (bench) => (await paramNamesOf(bench)).slice(4),
		answers: [
			['absent', []],
			['present', ['$random()', '$timestamp()']],
		],
	});
	reading({
		name: 'workflowJson',
		ask: async (bench) => {
			const json = await seedDetail('workflow_json')(bench);
			return [valueAt(json, '6.inputs.text'), typeof valueAt(json, 'nodes.0.type')];
		},
		answers: [
			['placeholders', ['$text(prompt)', 'undefined']],
			['filledIn', ['A beautiful sunset over mountains', 'undefined']],
			['uiFormat', [undefined, 'string']],
		],
	});
	reading({
		name: 'errorFields',
		ask: seedDetail('error_node'),
		answers: [
			['null', null],
			['absent', undefined],
		],
	});
	reading({
		name: 'errorFieldsOfInvalid',
		ask: ended({ status: 'invalid', error_node: '3' }, 'error_node'),
		answers: [
			['set', '3'],
			['empty', null],
		],
	});
	reading({
		name: 'completedAtOfFailed',
		ask: ended({ status: 'failed' }, 'completed_at'),
		answers: [
			['set', '2024-06-01T12:00:00.450Z'],
			['null', null],
		],
	});
	reading({
		name: 'queueNumber',
		ask: async ({ started, sandbox, clock, get }) => {
			const ids: string[] = [];
			for (let i = 0; i < 6; i++) ids.push(await started());
			clock.ms += 200;
			const answers = await Promise.all(ids.map((id) => get(`/v1/workflow/${id}`)));
			expect(sandbox.workflows.slice(-2).map(({ status }) => status)).toEqual(['queued', 'queued']);
			return answers.map(({ json }) => valueAt(json, 'queue_number'));
		},
		answers: [
			['counter', [6, 7, 8, 9, 10, 11]],
			['position', [0, 0, 0, 0, 1, 2]],
		],
	});
	reading({
		name: 'cancelTakesMs',
		ask: async ({ started, post, clock, statusOf }) => {
			const id = await started();
			clock.ms += 200;
			expect((await post(`/v1/workflow/${id}/cancel`)).status).toBe(200);
			const states = [await statusOf(id)];
			for (const step of [100, 150]) {
				clock.ms += step;
				states.push(await statusOf(id));
			}
			return states;
		},
		answers: [
			[0, ['cancelled', 'cancelled', 'cancelled']],
			[3000, ['running', 'running', 'completed']],
			[100, ['running', 'cancelled', 'cancelled']],
		],
	});
});

describe('the rest', () => {
	const firstRefused = async ({ get }: Trial) => {
		await Promise.all(Array.from({ length: 40 }, () => get('/v1/user')));
		return await get('/v1/user');
	};
	reading({
		name: 'rateLimitBody',
		ask: async (bench) => (await firstRefused(bench)).json,
		answers: [
			['html', undefined],
			['json', { status: 429, message: 'Too Many Requests' }],
		],
	});
	reading({
		name: 'retryAfter',
		ask: async (bench) => (await firstRefused(bench)).headers.get('retry-after'),
		answers: [
			[false, null],
			[true, '10'],
		],
	});
	reading({
		name: 'userProvider',
		ask: async ({ get }) => valueAt((await get('/v1/user')).json, 'provider'),
		answers: [
			['present', 'github'],
			['absent', undefined],
		],
	});

	reading({
		name: 'storagePacks',
		ask: async ({ get, sandbox }) => {
			const { json } = await get(`/v1/workflow/${sandbox.seeds.textToImage}/outputs`);
			return (await fetch(textAt(json, '0.src'))).headers.get('content-encoding');
		},
		answers: [
			[false, null],
			[true, 'gzip'],
		],
	});
	reading({
		name: 'pages',
		ask: async ({ get }) => {
			const [one, two] = [1, 2].map((page) => get(`/v1/workflow?per_page=2&page=${page}`));
			const idOf = async (page: typeof one) => valueAt((await page).json, 'workflows.0.id');
			return (await idOf(one)) === (await idOf(two));
		},
		answers: [
			['counted', false],
			['ignored', true],
		],
	});
	reading({
		name: 'repeatsToken',
		ask: async ({ get, sandbox }) =>
			(await get('/v1/workflow/nonsense')).text.includes(sandbox.token),
		answers: [
			[false, false],
			[true, true],
		],
	});

	it('every reading of every switch is tested, and the first is the default', () => {
		expect([...tested.keys()].sort()).toEqual(Object.keys(readings).sort());
		for (const [name, values] of Object.entries(readings)) {
			// Of limits any will do.
			const needed: unknown[] = values[0] === null ? [null, expect.any(Number)] : [...values];
			expect([...tested.entries()]).toContainEqual([name, expect.arrayContaining(needed)]);
			expect(Object.entries(defaultSwitches)).toContainEqual([name, values[0]]);
		}
	});
});

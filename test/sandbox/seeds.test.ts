import type { SandboxOptions } from './index';
import { machineClock } from './clock';
import { textAt, trial, valueAt, type Trial } from './testkit';

const seedNames = ['textToImage', 'textOnly', 'imageToImage', 'video', 'noParameters'] as const;

/** The names that the API lists, page by page. */
async function listedNames({ get }: Trial, query: string): Promise<unknown[]> {
	const { json } = await get(`/v1/workflow?${query}`);
	const workflows = Object.values(Object(valueAt(json, 'workflows')));
	return workflows.map((workflow) => valueAt(workflow, 'name'));
}

describe('the seeded workflows', () => {
	it('are finished, and listed newest first [W-LIST]', async () => {
		const bench = await trial();
		expect(await listedNames(bench, 'status=completed')).toEqual([
			'Text to Image Generation',
			'Image to Image',
			'Video with four choices',
			'Poem to Picture',
			'No Parameters',
		]);
	});

	it.each([
		['textOnly', 'Poem to Picture', [['$text(poem)', 'The fog comes\non little cat feet.']]],
		[
			'imageToImage',
			'Image to Image',
			[
				['$file(photo)', 'sketch.png'],
				['$text(prompt)', 'The same hills in winter'],
				['$text(strength)', '0.45'],
			],
		],
		[
			'video',
			'Video with four choices',
			[
				['$text(prompt)', 'Waves roll onto a beach at night'],
				['#choice(resolution)', '720p'],
				['#choice(aspect_ratio)', '16:9'],
				['#choice(frames)', '81'],
				['#choice(sampler)', 'uni_pc'],
			],
		],
		['noParameters', 'No Parameters', []],
	] as const)('tell what they last ran with: %s [W-GET]', async (seed, name, params) => {
		const { get, sandbox } = await trial();
		const { json } = await get(`/v1/workflow/${sandbox.seeds[seed]}`);
		expect(json).toMatchObject({ name, status: 'completed', workflow_params: params });
	});

	it.each([
		['textOnly', ['$text(poem)', '$random()']],
		['imageToImage', ['$file(photo)', '$text(prompt)', '$random()', '$text(strength, 0.6)']],
		[
			'video',
			[
				'$text(prompt)',
				'$choice(resolution, 480p, 720p)',
				'$choice(aspect_ratio, 16:9, 9:16, 1:1)',
				'$choice(frames, 49, 81, 121)',
				'$random()',
				'$choice(sampler, uni_pc, euler, dpmpp_2m, res_multistep)',
			],
		],
		['noParameters', ['$random()', '$timestamp()']],
	] as const)('hold their placeholders as whole values: %s [C-TPL]', async (seed, tokens) => {
		const { get, sandbox } = await trial();
		const { json } = await get(`/v1/workflow/${sandbox.seeds[seed]}`);
		const nodes = Object.values(Object(valueAt(json, 'workflow_json')));
		const values = nodes.flatMap((node) => Object.values(Object(valueAt(node, 'inputs'))));
		expect(values.filter((value) => String(value).startsWith('$'))).toEqual(tokens);
	});

	it('show the readings of workflow_params and workflow_json too', async () => {
		const { get, sandbox } = await trial({
			switches: {
				paramNames: 'formField',
				fileParams: 'absent',
				generatedParams: 'present',
				workflowJson: 'filledIn',
			},
		});
		const { json } = await get(`/v1/workflow/${sandbox.seeds.imageToImage}`);
		expect(valueAt(json, 'workflow_params')).toEqual([
			['$prompt', 'The same hills in winter'],
			['$strength', '0.45'],
			['$random()', expect.stringMatching(/^\d+$/)],
		]);
		expect(valueAt(json, 'workflow_json.15.inputs.denoise')).toBe('0.45');
	});

	it.each(seedNames)('can be rerun, and the rerun of %s again [W-RERUN]', async (seed) => {
		const { post, get, sandbox } = await trial();
		const detailsOf = async (id: string) => (await get(`/v1/workflow/${id}`)).json;
		const rerunOf = async (id: string) =>
			textAt((await post(`/v1/workflow/${id}/rerun`, new FormData())).json, 'id');

		const original = await detailsOf(sandbox.seeds[seed]);
		const last = await detailsOf(await rerunOf(await rerunOf(sandbox.seeds[seed])));
		for (const copied of ['name', 'tags', 'workflow_json', 'workflow_params']) {
			expect(valueAt(last, copied)).toEqual(valueAt(original, copied));
		}
	});

	it('are there again after a reset', async () => {
		const bench = await trial({ history: 3 });
		const names = await listedNames(bench, '');
		await bench.started();
		bench.sandbox.reset();
		expect(await listedNames(bench, '')).toEqual(names);
	});
});

describe('a history of older runs', () => {
	const withHistory = { history: 300, rateLimit: false } satisfies SandboxOptions;

	it('lies behind the seeds and can be paged through, newest first [W-LIST]', async () => {
		const { get } = await trial(withHistory);
		const ids: unknown[] = [];
		const createdAt: string[] = [];
		for (const page of [1, 2, 3, 4, 5]) {
			const { json } = await get(`/v1/workflow?per_page=100&page=${page}`);
			expect(valueAt(json, 'total')).toBe(305);
			for (const workflow of Object.values(Object(valueAt(json, 'workflows')))) {
				ids.push(valueAt(workflow, 'id'));
				createdAt.push(textAt(workflow, 'created_at'));
			}
		}
		expect(new Set(ids).size).toBe(305);
		expect(createdAt).toEqual([...createdAt].sort().reverse());
	});

	it('has several names, some tags, and runs that did not complete', async () => {
		const bench = await trial(withHistory);
		expect((await listedNames(bench, 'per_page=10&page=2')).slice(-9)).toEqual([
			'Batch run 294',
			'Product photo 293',
			'Batch run 292',
			'Batch run 291',
			'Batch run 290',
			'Wallpaper 289',
			'Batch run 288',
			'Batch run 287',
			'Teaser 286',
		]);
		const totalOf = async (status: string) =>
			valueAt((await bench.get(`/v1/workflow?status=${status}`)).json, 'total');
		const states = ['completed', 'failed', 'cancelled', 'running', 'queued'];
		expect(await Promise.all(states.map(totalOf))).toEqual([215, 60, 30, 0, 0]);
		const tags = new Set(bench.sandbox.workflows.map((workflow) => workflow.tags.join()));
		expect([...tags]).toEqual(expect.arrayContaining(['', 'production', 'batch']));
	});

	it('is the same each time', async () => {
		const [first, second] = [await trial(withHistory), await trial(withHistory)];
		const pages = await Promise.all([first, second].map(({ get }) => get('/v1/workflow?page=7')));
		expect(pages[1].json).toEqual(pages[0].json);
	});

	it.each([1, 4])(
		'has finished on a runner of %d slots, early in 1970 too',
		async (parallelJobs) => {
			const { sandbox } = await trial({
				...withHistory,
				parallelJobs,
				clock: { ...machineClock, nowMs: () => 5 },
			});
			const states = new Set(sandbox.workflows.map(({ status }) => status));
			expect([...states].sort()).toEqual(['cancelled', 'completed', 'failed']);
		},
	);

	it('gives the definition and the parameters of each run [W-GET]', async () => {
		const { get, sandbox } = await trial(withHistory);
		for (const { id, name } of sandbox.workflows) {
			const { status, json } = await get(`/v1/workflow/${id}`);
			if (status === 404) continue;
			const pairs = Object.values(Object(valueAt(json, 'workflow_params')));
			expect([name, pairs.length > 0]).toEqual([name, !/Wallpaper|No Param/.test(name)]);
			expect(Object.keys(Object(valueAt(json, 'workflow_json'))).length).toBeGreaterThan(5);
		}
	});

	it('says which node failed [W-GET]', async () => {
		const { get, sandbox } = await trial(withHistory);
		const failed = sandbox.workflows.find(({ status }) => status === 'failed');
		const { json } = await get(`/v1/workflow/${failed?.id}`);
		const node = textAt(json, 'error_node');
		expect(valueAt(json, `workflow_json.${node}.class_type`)).toBe('KSampler');
	});
});

import { answerTo, rerunPath, trial, valueAt } from './testkit';

const picture = new File(['not really a picture'], 'new-image.png', { type: 'image/png' });

describe('POST /v1/workflow/{id}/rerun', () => {
	it('answers the summary of a new instance, accepted and not started [W-RERUN]', async () => {
		const { rerun, sandbox } = await trial();
		const { status, json } = await rerun({ $prompt: 'a fox' });
		expect(status).toBe(200);
		expect(json).toEqual({
			id: expect.stringMatching(/^[\da-f-]{36}$/),
			name: 'Text to Image Generation',
			status: 'accepted',
			tags: ['production', 'text2img'],
			created_at: '2024-06-01T12:00:00.000Z',
			updated_at: '2024-06-01T12:00:00.000Z',
			started_at: null,
			completed_at: null,
		});
		expect(valueAt(json, 'id')).not.toBe(sandbox.seeds.textToImage);
	});

	it('takes $ for texts and files and # for choices, and keeps the rest [W-RERUN]', async () => {
		const { started, sandbox } = await trial();
		const id = await started({ $prompt: 'a fox', $input_image: picture, '#sampler': 'dpm_2' });
		const workflow = sandbox.workflows.find((candidate) => candidate.id === id);
		expect(workflow?.rerunOf).toBe(sandbox.seeds.textToImage);
		expect(workflow?.params).toMatchObject([
			{ kind: 'choice', name: 'sampler', value: 'dpm_2' },
			{ kind: 'text', name: 'prompt', value: 'a fox' },
			{ kind: 'text', name: 'negative_prompt', value: 'blurry, low quality' },
			{ kind: 'file', name: 'input_image', value: 'new-image.png' },
		]);
	});

	it('makes a new workflow each time and leaves the original as it was [W-RERUN]', async () => {
		const { started, get, sandbox } = await trial();
		const before = await get(`/v1/workflow/${sandbox.seeds.textToImage}`);
		const ids = [await started({ $prompt: 'a' }), await started({ $prompt: 'b' })];
		expect(new Set(ids).size).toBe(2);
		const after = await get(`/v1/workflow/${sandbox.seeds.textToImage}`);
		expect(after.json).toEqual(before.json);
	});

	it('can rerun a rerun and keeps what that one was given [W-RERUN]', async () => {
		const { started, post, sandbox } = await trial();
		const first = await started({ $prompt: 'a fox' });
		await post(`/v1/workflow/${first}/rerun`, new FormData());
		const last = sandbox.workflows.at(-1);
		expect(last?.rerunOf).toBe(first);
		expect(last?.params).toContainEqual({ kind: 'text', name: 'prompt', value: 'a fox' });
	});

	it('draws a new random number and takes the time anew [C-TPL]', async () => {
		const { started, sandbox, clock } = await trial();
		await started();
		clock.ms += 1;
		await started();
		const [first, second] = sandbox.workflows.slice(-2).map(({ generated }) => generated);
		expect(first['3.seed']).toMatch(/^\d+$/);
		expect(second['3.seed']).not.toBe(first['3.seed']);
		expect(Number(second['9.filename_prefix'])).toBe(clock.ms);
	});

	it.each([
		['a text for a file', { $input_image: 'words' }, 'Invalid parameter format'],
		['a file for a text', { $prompt: picture }, 'Invalid parameter format'],
		['a file for a choice', { '#sampler': picture }, 'Invalid parameter format'],
		['an unknown name', { $colour: 'red' }, 'Workflow parameter validation failed'],
		['a name without prefix', { prompt: 'a fox' }, 'Workflow parameter validation failed'],
		['the wrong prefix', { $sampler: 'dpm_2' }, 'Workflow parameter validation failed'],
		['no such option', { '#sampler': 'heun' }, 'Workflow parameter validation failed'],
	])('refuses %s with 400 and starts nothing [W-RERUN]', async (_case, fields, message) => {
		const { rerun, sandbox } = await trial();
		const before = sandbox.workflows.length;
		const answer = await rerun(fields);
		expect(answer.json).toEqual({ status: 400, message: expect.stringContaining(message) });
		expect(sandbox.workflows).toHaveLength(before);
	});

	it.each([
		['application/json', '{"$prompt":"a fox"}'],
		['application/x-www-form-urlencoded', '%24prompt=a+fox'],
		['multipart/form-data', 'no boundary'],
		['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="$prompt"'],
	])('refuses a body of type %s with 400 [W-RERUN]', async (contentType, body) => {
		const { sandbox } = await trial();
		const headers = { authorization: `Bearer ${sandbox.token}`, 'content-type': contentType };
		const url = `${sandbox.apiUrl}${rerunPath}`;
		const answer = await answerTo(fetch(url, { method: 'POST', headers, body }));
		expect(answer).toMatchObject({ status: 400, json: { status: 400 } });
	});

	it('refuses a request without a body: the content type is required [W-RERUN]', async () => {
		const { post } = await trial();
		expect((await post(rerunPath)).status).toBe(400);
	});
});

import { createCanvas, loadImage } from '@napi-rs/canvas';

import type { SandboxOptions } from './index';
import { paintPicture, paintSketch } from './picture';
import { answerTo, textAt, trial, type Fields } from './testkit';

/** A trial with a finished rerun and the link to its first output. */
async function finished(fields: Fields = {}, options: SandboxOptions = {}) {
	const bench = await trial(options);
	const id = await bench.started(fields);
	bench.clock.ms += 500;
	const { json } = await bench.get(`/v1/workflow/${id}/outputs`);
	return { ...bench, id, link: textAt(json, '0.src') };
}

const scene = {
	headline: 'a fox',
	lines: ['negative_prompt: blurry'],
	chips: ['sampler: euler'],
	inputImage: undefined,
	caption: 'an id',
};

async function download(link: string): Promise<Buffer> {
	return Buffer.from(await (await fetch(link)).arrayBuffer());
}

describe('a signed link', () => {
	it('gives a PNG with its type and length, without a token [W-OUT]', async () => {
		const { link } = await finished();
		const response = await fetch(link);
		const content = Buffer.from(await response.arrayBuffer());
		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toBe('image/png');
		expect(response.headers.get('content-length')).toBe(String(content.length));
		const { width, height } = await loadImage(content);
		expect([width, height]).toEqual([768, 512]);
	});

	it('gives the picture that the sandbox was told', async () => {
		const { link } = await finished({}, { pictures: paintSketch() });
		expect((await download(link)).equals(paintSketch())).toBe(true);
	});

	it('expires after 5 minutes [W-OUT]; asking again gives a new one', async () => {
		const { link, clock, get, id } = await finished();
		clock.ms += 5 * 60_000 - 1;
		expect((await fetch(link)).status).toBe(200);
		clock.ms += 1;
		const late = await answerTo(fetch(link));
		expect(late.status).toBe(403);
		expect(late.text).toContain('<Code>AccessDenied</Code>');
		const { json } = await get(`/v1/workflow/${id}/outputs`);
		expect((await fetch(textAt(json, '0.src'))).status).toBe(200);
	});

	it('lives as long as it is told', async () => {
		const { link, clock } = await finished({}, { linkLifetimeMs: 1000 });
		clock.ms += 1000;
		expect((await fetch(link)).status).toBe(403);
	});

	it.each([
		['another signature', (link: string) => link.replace(/signature=\w{8}/, 'signature=00000000')],
		['a later expiry', (link: string) => `${link}0`],
		['another file', (link: string) => link.replace('_00001_', '_00002_')],
		['no signature', (link: string) => link.replace(/\?.*/, '')],
	])('is refused with %s', async (_case, change) => {
		const { link } = await finished();
		const answer = await answerTo(fetch(change(link)));
		expect(answer.status).toBe(403);
		expect(answer.headers.get('content-type')).toMatch(/^application\/xml/);
		expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
	});

	it('is refused when the API token comes along', async () => {
		const { link, sandbox } = await finished();
		const headers = { authorization: `Bearer ${sandbox.token}` };
		const answer = await answerTo(fetch(link, { headers }));
		expect(answer.status).toBe(400);
		expect(answer.text).toContain('<Code>InvalidArgument</Code>');
		expect(sandbox.downloads).toMatchObject([{ method: 'GET', status: 400, headers }]);
	});

	it('is logged apart from the API', async () => {
		const { link, sandbox } = await finished();
		const apiRequests = sandbox.requests.length;
		await download(link);
		expect(sandbox.requests).toHaveLength(apiRequests);
		expect(sandbox.downloads).toMatchObject([{ path: new URL(link).pathname, status: 200 }]);
	});
});

describe('the video', () => {
	it('is an MP4 with its type and length: outputs of SaveVideo nodes count too [W-OUT]', async () => {
		const { get, sandbox } = await trial();
		const { json } = await get(`/v1/workflow/${sandbox.seeds.video}/outputs`);
		const link = textAt(json, '0.src');
		expect(new URL(link).pathname).toMatch(/\/video_00001_\.mp4$/);
		const response = await fetch(link);
		const content = Buffer.from(await response.arrayBuffer());
		expect(response.headers.get('content-type')).toBe('video/mp4');
		expect(response.headers.get('content-length')).toBe(String(content.length));
		expect(boxesOf(content)).toEqual(['ftyp', 'moov', 'mdat']);
	});
});

describe('the picture', () => {
	it('is the same for the same values', async () => {
		const again = await paintPicture({ ...scene });
		expect((await paintPicture(scene)).equals(again)).toBe(true);
	});

	it.each([
		['prompt', { headline: 'a dog' }],
		['other text', { lines: ['negative_prompt: ugly'] }],
		['choice', { chips: ['sampler: dpm_2'] }],
		['input image', { inputImage: paintSketch() }],
		['caption', { caption: 'another id' }],
	])('changes with the %s', async (_case, change) => {
		const changed = await paintPicture({ ...scene, ...change });
		expect((await paintPicture(scene)).equals(changed)).toBe(false);
	});

	it('shows the uploaded image', async () => {
		const image = new File([paintSketch()], 'new.png', { type: 'image/png' });
		const words = new File(['no image'], 'new.png', { type: 'image/png' });
		const pictures: Buffer[] = [];
		for (const file of [image, words]) {
			pictures.push(await download((await finished({ $input_image: file })).link));
		}
		const [withImage, without] = await Promise.all(pictures.map(thumbnailPixel));
		// The sun of the sketch, where the thumbnail has it.
		expect(withImage).toEqual([255, 233, 176]);
		expect(without).not.toEqual([255, 233, 176]);
	});

	it.each([
		['no words', ''],
		['a novel', 'word '.repeat(5000)],
		['one endless word', 'x'.repeat(20_000)],
		['many lines', '\n'.repeat(500)],
	])('can be made of %s', async (_case, headline) => {
		expect((await paintPicture({ ...scene, headline })).subarray(1, 4).toString()).toBe('PNG');
	});
});

async function thumbnailPixel(png: Buffer): Promise<number[]> {
	const context = createCanvas(768, 512).getContext('2d');
	context.drawImage(await loadImage(png), 0, 0);
	return [...context.getImageData(578 + 88, 40 + 88, 1, 1).data.slice(0, 3)];
}

/** The names of an MP4's outermost boxes. */
function boxesOf(mp4: Buffer): string[] {
	const names: string[] = [];
	for (let at = 0; at < mp4.length; at += mp4.readUInt32BE(at)) {
		names.push(mp4.toString('latin1', at + 4, at + 8));
	}
	return names;
}

/** The numbers of a table in an MP4: a count and so many numbers, `offset` bytes into its box. */

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a client of the sandbox, never part of the node */
import { createHash } from 'node:crypto';
import http from 'node:http';
import { json } from 'node:stream/consumers';

import type { Sandbox } from './index';
import { maxBodyBytes } from './limits';
import { rerunPath, trial } from './testkit';

const boundary = 'example-boundary';
const end = `--${boundary}--\r\n`;

/** What stands between two boundaries: its pieces follow each other. */
type Part = string | [head: string, content: Buffer];

/** Sends exactly these bytes between the boundaries; `fetch` would copy them several times. */
async function sendRaw(sandbox: Sandbox, parts: Part[]) {
	const body = [...parts.flatMap((part) => [`--${boundary}\r\n`, part, '\r\n']), end].flat();
	const request = http.request(`${sandbox.apiUrl}${rerunPath}`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${sandbox.token}`,
			'content-type': `multipart/form-data; boundary=${boundary}`,
			'content-length': body.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0),
		},
	});
	for (const piece of body) request.write(piece);
	request.end();
	const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
		request.on('response', resolve).on('error', reject);
	});
	return { status: response.statusCode, json: await json(response) };
}

const textPart = (name: string, value: string) =>
	`Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;

describe('what busboy reads from a body', () => {
	it.each([
		['line breaks of every kind', 'one\ntwo\r\nthree\rfour\n'],
		['a text that looks like a number', '007.50'],
		['letters of the world', 'ein Löwe, 猫, 🦊, ﷽'],
		['spaces at the ends', '  a fox\t'],
		['something like a boundary', '--example\r\n--'],
		['nothing', ''],
	])('keeps %s', async (_case, value) => {
		const { sandbox } = await trial();
		expect((await sendRaw(sandbox, [textPart('$prompt', value)])).status).toBe(200);
		expect(sandbox.requests[0].fields).toEqual([{ name: '$prompt', value }]);
	});

	it('keeps long and odd field names, their order and repetitions', async () => {
		const { sandbox } = await trial({ switches: { unknownParameters: 'ignored' } });
		const names = [
			`$${'n'.repeat(3000)}`,
			'#größe',
			'$with space',
			'$猫',
			'$%22quoted%22',
			'$a',
			'$a',
		];
		await sendRaw(
			sandbox,
			names.map((name) => textPart(name, name)),
		);
		expect(sandbox.requests[0].fields.map(({ name }) => name)).toEqual(names);
	});

	it.each([
		'ünïcode 猫.png',
		'a/path/to/it.png',
		'..\\windows.png',
		'with "quotes".png',
		'%22percent%0A.png',
		`${'long'.repeat(200)}.png`,
		'semi;colon=1.png',
	])('keeps the file name %s', async (fileName) => {
		const { sandbox } = await trial();
		const escaped = fileName.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
		const head = `Content-Disposition: form-data; name="$input_image"; filename="${escaped}"\r\n`;
		await sendRaw(sandbox, [`${head}Content-Type: image/png\r\n\r\nbytes`]);
		expect(sandbox.requests[0].files).toMatchObject([
			{ fieldName: '$input_image', fileName, mimeType: 'image/png', sizeBytes: 5 },
		]);
	});

	it('keeps the bytes of a file', async () => {
		const { sandbox } = await trial();
		const content = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7 + (i >> 8)) % 256));
		const head = 'Content-Disposition: form-data; name="$input_image"; filename="x.bin"\r\n\r\n';
		await sendRaw(sandbox, [[head, content]]);
		const [file] = sandbox.requests[0].files;
		expect(file.content.equals(content)).toBe(true);
		expect(file.sha256).toBe(createHash('sha256').update(content).digest('hex'));
		expect(file.sizeBytes).toBe(70_000);
	});

	it('tells a file without a name from a text', async () => {
		const { sandbox } = await trial();
		const head = 'Content-Disposition: form-data; name="$input_image"\r\n';
		await sendRaw(sandbox, [`${head}Content-Type: application/octet-stream\r\n\r\nbytes`]);
		expect(sandbox.requests[0].files).toMatchObject([{ fileName: undefined, sizeBytes: 5 }]);
	});
});

describe('the limit of 50 MB per request [API] [W-RERUN]', () => {
	const head = 'Content-Disposition: form-data; name="$input_image"; filename="big.png"\r\n\r\n';
	const frame = `--${boundary}\r\n${head}\r\n${end}`.length;
	const file = (bytes: number): Part => [head, Buffer.alloc(bytes)];

	it('lets a request of exactly 50 MB through', async () => {
		const { sandbox } = await trial();
		const answer = await sendRaw(sandbox, [file(maxBodyBytes - frame)]);
		expect(answer.status).toBe(200);
		expect(sandbox.requests[0].files[0].sizeBytes).toBe(maxBodyBytes - frame);
	});

	it('refuses one byte more, in an answer that arrives', async () => {
		const { sandbox, get } = await trial();
		const before = sandbox.workflows.length;
		const answer = await sendRaw(sandbox, [file(maxBodyBytes - frame + 1)]);
		expect(answer.json).toEqual({ status: 400, message: 'File size exceeds 50MB limit' });
		expect(sandbox.workflows).toHaveLength(before);
		expect((await get('/v1/user')).status).toBe(200);
	});

	it('counts all parts together', async () => {
		const { sandbox } = await trial();
		const half = 26 * 1024 * 1024;
		expect((await sendRaw(sandbox, [file(half), file(half)])).status).toBe(400);
	});

	it('answers 413 by switch', async () => {
		const { sandbox } = await trial({ switches: { tooLargeStatus: 413 } });
		expect((await sendRaw(sandbox, [file(maxBodyBytes)])).status).toBe(413);
	});
});

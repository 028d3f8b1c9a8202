/* eslint-disable @n8n/community-nodes/no-restricted-imports -- makes streams as answers are, never part of the node */
import { Readable } from 'node:stream';

import {
	isTooLarge,
	MAX_ANSWER_BYTES,
	parsedJson,
	readText,
} from '../../../../nodes/ComfyControl/transport/answerBody';

const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');
const MOST_MEGABYTES = MAX_ANSWER_BYTES / MEGABYTE.length;

function* megabytes(count: number) {
	for (let i = 0; i < count; i++) yield MEGABYTE;
}

/** Comes with some bytes, and breaks. */
async function* broken() {
	yield Buffer.from('so far');
	throw new Error('broken');
}

describe('the body of an answer', () => {
	it.each([
		['a text', 'a barn', 'a barn'],
		['none', undefined, ''],
		['nothing', null, ''],
		['an object', { a: 1 }, ''],
		['a number', 7, ''],
		['letters that are cut apart', Readable.from([Buffer.from([0xc3]), Buffer.from([0xa9])]), 'é'],
	])('is read from %s', async (_what, body, text) => {
		expect(await readText(body, false)).toBe(text);
	});

	it('that breaks off is of use only where a part is enough', async () => {
		expect(await readText(Readable.from(broken()), true)).toBe('so far');
		await expect(readText(Readable.from(broken()), false)).rejects.toThrow('broken');
	});

	it('has as many bytes as it may have', async () => {
		const text = await readText(Readable.from(megabytes(MOST_MEGABYTES)), false);
		expect(text.length).toBe(MAX_ANSWER_BYTES);
	});

	it('is let go once it has more', async () => {
		const body = Readable.from(megabytes(10 * MOST_MEGABYTES));
		const fault: unknown = await readText(body, false).catch((error: unknown) => error);
		expect([isTooLarge(fault), body.destroyed]).toEqual([true, true]);
		expect(fault).toMatchObject({ message: 'The answer is too large', code: 'ANSWER_TOO_LARGE' });
	});

	it.each([
		[new RangeError('x')],
		[Object.assign(new Error('x'), { code: 'ANSWER_TOO_LARGE' })],
		[Object.assign(new RangeError('x'), { code: 'ETIMEDOUT' })],
		[undefined],
	])('is not too large for any other reason: %p', (fault) => {
		expect(isTooLarge(fault)).toBe(false);
	});

	it.each([
		['{"a":1}', { a: 1 }],
		['null', null],
		['<html>', '<html>'],
		['', ''],
	])('%j means %j', (text, meant) => {
		expect(parsedJson(text)).toEqual(meant);
	});
});

import fc from 'fast-check';

import { memberText, readJsonBytes } from '../../../../nodes/ComfyControl/parameters/jsonText';

const TEXT = '{ "text": "café 灯塔 🏚" }';
const le = Buffer.from(TEXT, 'utf16le');
const be = Buffer.from(le).swap16();

describe('readJsonBytes', () => {
	it.each([
		['UTF-8', Buffer.from(TEXT)],
		['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
		['UTF-16 with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
		['UTF-16 the other way round', Buffer.concat([Buffer.from([0xfe, 0xff]), be])],
	])('reads %s', (_what, bytes) => {
		expect(readJsonBytes(bytes)).toEqual({ value: TEXT });
	});

	it.each([
		[
			'Latin-1',
			Buffer.from('{ "text": "café" }', 'latin1'),
			'not UTF-8, but something like Latin-1',
		],
		['UTF-16 without a mark', le, 'UTF-16 without a mark'],
		['that the other way round', be, 'UTF-16 without a mark'],
		['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'UTF-32'],
		['damaged UTF-16', Buffer.from([0xff, 0xfe, 0x7b, 0, 0]), 'UTF-16, but is damaged'],
		['a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 'PNG picture'],
		['a JPEG', Buffer.from('ffd8ffe000104a46', 'hex'), 'JPEG picture'],
	])('says what %s is, and what to do', (_what, bytes, message) => {
		expect(readJsonBytes(bytes)).toEqual({
			problem: {
				message: expect.stringContaining(message),
				description: expect.stringMatching(/UTF-8|export the workflow/),
			},
		});
	});
});

describe('memberText', () => {
	it.each([
		['{"body":{"a":12345678901234567890}}', '{"a":12345678901234567890}'],
		['{"id": 1, "body" : { "b": 24.0, "a": 1e-07 } , "z": []}', '{ "b": 24.0, "a": 1e-07 }'],
		['{"x":"\\"body\\": 1, }","body":"a \\" } b"}', '"a \\" } b"'],
		['{"b\\u006fdy": [1, {"body": 2}]}', '[1, {"body": 2}]'],
		['{"body":1,"body":2 }', '2'],
		[' \r\n\t{ "body" : null\n}', 'null'],
		['{"inner":{"body":1}}', undefined],
		['{}', undefined],
		['[{"body":1}]', undefined],
	])('of %j is %j', (json, expected) => {
		expect(memberText(json, 'body')).toBe(expected);
	});

	it('is that of any value in any object', () => {
		fc.assert(
			fc.property(
				fc.dictionary(fc.string(), fc.jsonValue()),
				fc.jsonValue(),
				fc.constantFrom(undefined, 2, '\t'),
				(others, body, indent) => {
					const json = JSON.stringify({ ...others, body }, null, indent);
					const text = memberText(json, 'body') ?? '';
					expect(json).toContain(text);
					expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(body)));
				},
			),
		);
	});

	it('takes large texts', () => {
		const body = JSON.stringify({ text: 'x\\"'.repeat(2_000_000), list: Array(100_000).fill([]) });
		expect(memberText(`{"id":"1","body":${body}}`, 'body')).toHaveLength(body.length);
	});
});

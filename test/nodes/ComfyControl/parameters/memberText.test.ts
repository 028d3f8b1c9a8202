import fc from 'fast-check';

import { memberText } from '../../../../nodes/ComfyControl/parameters/memberText';

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

import { isBinaryData } from '../../../../nodes/ComfyControl/basics/guards';

const file = { mimeType: 'image/png', data: 'AAAA' };

describe('isBinaryData', () => {
	it.each([
		[file, true],
		[{ mimeType: 'image/png', id: 'filesystem-v2:1' }, true],
		[{ mimeType: 'image/png', id: '1AbC-of-some-drive' }, false],
		[{ data: 'AAAA' }, false],
		[{ mimeType: 'image/png' }, false],
		[null, false],
		['data', false],
	])('%j: %s', (value, expected) => {
		expect(isBinaryData(value)).toBe(expected);
	});
});

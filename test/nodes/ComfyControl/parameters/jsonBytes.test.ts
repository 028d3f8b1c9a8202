import { readJsonBytes } from '../../../../nodes/ComfyControl/parameters/jsonBytes';

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

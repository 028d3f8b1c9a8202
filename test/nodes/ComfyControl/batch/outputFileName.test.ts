import fc from 'fast-check';

import { namedFile, outputFileName } from '../../../../nodes/ComfyControl/batch/outputFileName';

describe('outputFileName', () => {
	it.each([
		['https://s.example/outputs/1/image001.png?signature=a/b.exe', 'image001.png'],
		['https://s.example/a%20b%C3%A9.png', 'a bé.png'],
		['https://s.example/..%2F..%2Fetc%2Fpasswd', '_.._etc_passwd'],
		['https://s.example/%00a%0Ab.png', '_a_b.png'],
		['https://s.example/%E0%A4%A.png', '%E0%A4%A.png'],
		['https://s.example/a%E2%80%AEgnp.exe', 'agnp.exe'],
		['https://s.example/a%E2%80%8B%EF%BB%BFb%E2%80%A8c.png', 'ab_c.png'],
		['https://s.example/%20.%20.png', 'png'],
		['https://s.example/%E2%80%AE', 'output-3'],
		['https://s.example/', 'output-3'],
		['not an address', 'output-3'],
	])('%s: %s', (src, name) => {
		expect(outputFileName(src, 2)).toBe(name);
	});

	it('keeps the end of a long name, which says what kind of file it is', () => {
		const name = outputFileName(`https://s.example/${'x'.repeat(500)}.png`, 0);
		expect(name).toHaveLength(255);
		expect(name.endsWith('.png')).toBe(true);
	});

	it('is safe on any disk, whatever the link holds', () => {
		const marks = fc.constantFrom(
			'\u202e',
			'\u200b',
			'\ufeff',
			'\u0007',
			'\u2028',
			'/',
			'.',
			' ',
			'🦊',
		);
		const names = fc.array(fc.oneof(marks, fc.string({ unit: 'grapheme' })), { maxLength: 200 });
		fc.assert(
			fc.property(names, (parts) => {
				const src = `https://s.example/outputs/${encodeURIComponent(parts.join('').replaceAll('\ufffd', ''))}`;
				const name = outputFileName(src, 0);
				expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
				expect(name).toMatch(/^[^\s.][^\p{Cc}\u2028\u2029\u200b\u202a-\u202e\ufeff\ufffd\\/]*$/u);
			}),
		);
	});
});

describe('a name that the user gives', () => {
	it.each([
		['', 'ComfyUI_1.png', 0, 'ComfyUI_1.png'],
		['  ', 'ComfyUI_1.png', 1, 'ComfyUI_1.png'],
		['Red shoe', 'ComfyUI_1.png', 0, 'Red shoe.png'],
		['Red shoe', 'ComfyUI_2.png', 2, 'Red shoe_2.png'],
		['shoe.png', 'ComfyUI_1.png', 1, 'shoe_1.png'],
		['v1.5', 'ComfyUI_1.webp', 0, 'v1.5.webp'],
		['../etc/passwd', 'a.png', 0, '_etc_passwd.png'],
		['clip', 'output-1', 0, 'clip'],
	])('%j for %j at %i is %j', (named, fileName, position, expected) => {
		expect(namedFile(named, fileName, { position })).toBe(expected);
	});

	it.each([
		[1, 0, 'shoe.png'],
		[1, 1, 'shoe_1.png'],
		[2, 0, 'shoe_run2.png'],
		[2, 1, 'shoe_run2_1.png'],
		[100, 0, 'shoe_run100.png'],
	])('says which run of its item it is from: %i, file %i', (runNumber, position, expected) => {
		expect(namedFile('shoe.png', 'ComfyUI_1.png', { position, runNumber })).toBe(expected);
	});
});

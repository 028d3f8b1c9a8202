import { outputFileName } from '../../../../nodes/ComfyControl/batch/outputFileName';

describe('outputFileName', () => {
	it.each([
		['https://s.example/outputs/1/image001.png?signature=a/b.exe', 'image001.png'],
		['https://s.example/a%20b%C3%A9.png', 'a bé.png'],
		['https://s.example/..%2F..%2Fetc%2Fpasswd', '_.._etc_passwd'],
		['https://s.example/%00a%0Ab.png', '_a_b.png'],
		['https://s.example/%E0%A4%A.png', '%E0%A4%A.png'],
		['https://s.example/', 'output-3'],
		['not an address', 'output-3'],
	])('%s: %s', (src, name) => {
		expect(outputFileName(src, 2)).toBe(name);
	});

	it('keeps the end of a long name, which says what kind of file it is', () => {
		const name = outputFileName(`https://s.example/${'x'.repeat(500)}.png`, 0);
		expect(name).toHaveLength(200);
		expect(name.endsWith('.png')).toBe(true);
	});
});

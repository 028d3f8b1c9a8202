import fc from 'fast-check';

import {
	fileInAnswer,
	fileInDataUrl,
	isFileAddress,
	shownAddress,
	webAddressIn,
} from '../../../../nodes/ComfyControl/parameters/fileAddress';
import { MAX_REQUEST_BYTES } from '../../../../nodes/ComfyControl/parameters/size';

describe('what names a file', () => {
	it.each([
		'https://example.com/a.png',
		' HTTP://x',
		'\nhttps://',
		'data:image/png;base64,',
		'DATA:,x',
	])('is an address: %j', (input) => expect(isFileAddress(input)).toBe(true));

	it.each([
		'',
		'data',
		'data_0',
		'data:1',
		'www.example.com/a.png',
		'//x/a.png',
		'ftp://x/a.png',
		'x http://',
	])('is a field: %j', (input) => expect(isFileAddress(input)).toBe(false));
});

describe('an address', () => {
	it.each([
		['https://example.com/a.png', 'https://example.com/a.png'],
		['https://ann:pa55@example.com/a.png?sig=s3cret#x', 'https://example.com/a.png?…'],
		['https://', "'https://'"],
		['https://example.com/cfc_abc123', 'https://example.com/cfc_***'],
	])('%s is shown as %s', (address, shown) => {
		expect(shownAddress(address)).toBe(shown);
	});

	it('is shown with its beginning when it is long', () => {
		expect(shownAddress(`https://example.com/${'x'.repeat(5_000)}`).length).toBeLessThanOrEqual(
			200,
		);
	});

	it('is sent as browsers send it', () => {
		expect(webAddressIn(' https://EXAMPLE.com/a b/ü.png?q=ü ')).toEqual({
			value: 'https://example.com/a%20b/%C3%BC.png?q=%C3%BC',
		});
	});
});

describe('an answer', () => {
	const nameOf = (disposition: string | undefined, address = 'https://example.com/a.png') => {
		const headers = { 'content-type': 'image/png', 'content-disposition': disposition };
		const file = fileInAnswer({ statusCode: 200, headers }, address);
		return 'value' in file ? file.value.fileName : undefined;
	};

	it.each([
		[undefined, 'a.png'],
		['inline', 'a.png'],
		['attachment; filename=barn.png', 'barn.png'],
		['attachment;filename="red barn.png"; size=5', 'red barn.png'],
		['attachment; filename="say \\"hi\\".png"', 'say _hi_.png'],
		["attachment; filename=old.png; filename*=UTF-8''n%C3%A9w.png", 'néw.png'],
		["attachment; filename*=utf-8'en'n%C3%A9w.png; filename=old.png", 'néw.png'],
		["attachment; FileName*=ISO-8859-1''%A3.png", '%A3.png'],
		[`attachment; filename="${Buffer.from('hütte.png').toString('latin1')}"`, 'hütte.png'],
		['attachment; filename="h\xfctte.png"', 'hütte.png'],
		['attachment; filename="a%20b.png"', 'a b.png'],
		['attachment; filename="../../etc/passwd"', '_.._etc_passwd'],
		['attachment; filename="C:\\\\a\\\\b.png"', 'C__a_b.png'],
		['attachment; filename=""', 'a.png'],
		['attachment; filename', 'a.png'],
	])('with %j is called %s', (disposition, name) => {
		expect(nameOf(disposition)).toBe(name);
	});

	it.each([
		['https://example.com/', 'file'],
		['https://example.com/a/b%2Fc.png?x=d.png#e.png', 'b_c.png'],
		['https://example.com/h%C3%BCtte.png', 'hütte.png'],
	])('without a name from %s is called %s', (address, name) => {
		expect(nameOf(undefined, address)).toBe(name);
	});

	it('has a name that is safe, whatever it says', () => {
		fc.assert(
			fc.property(fc.string(), fc.webUrl(), (name, address) => {
				for (const disposition of [`attachment; filename="${name}"`, name]) {
					expect(nameOf(disposition, address)).toMatch(/^[^\p{Cc}\\/:*?"<>|]{1,255}$/u);
				}
			}),
		);
	});

	it.each([
		['text/html', undefined, false],
		['TEXT/HTML; charset=utf-8', 'inline; filename=a.html', false],
		['application/xhtml+xml', undefined, false],
		['text/html', 'attachment; filename=a.html', true],
		['text/plain', undefined, true],
		['application/json', undefined, true],
	])('of the type %s with %s is a file: %p', (type, disposition, isFile) => {
		const headers = { 'content-type': type, 'content-disposition': disposition };
		const file = fileInAnswer({ statusCode: 200, headers }, 'https://example.com/a');
		expect('value' in file).toBe(isFile);
	});

	it.each([
		[MAX_REQUEST_BYTES, true],
		[MAX_REQUEST_BYTES + 1, false],
		['many', true],
	])('of %s bytes may be taken: %p', (length, isTaken) => {
		const headers = { 'content-length': String(length) };
		const file = fileInAnswer({ statusCode: 200, headers }, 'https://example.com/a');
		expect('value' in file).toBe(isTaken);
	});
});

describe('a data URL', () => {
	it('holds any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (array) => {
				const bytes = Buffer.from(array);
				const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
				expect(fileInDataUrl(`data:a/b;base64,${bytes.toString('base64')}`).bytes).toEqual(bytes);
				expect(fileInDataUrl(`data:a/b,${encoded}`).bytes).toEqual(bytes);
			}),
		);
	});

	it('need not say its type', () => {
		expect(fileInDataUrl('data:;base64,aGk=')).toEqual({
			bytes: Buffer.from('hi'),
			mimeType: undefined,
		});
	});
});

it('a proxy that wants a sign-in is named, not the address', () => {
	const answer = { statusCode: 407, headers: {} };
	expect(fileInAnswer(answer, 'https://example.com/a.png')).toMatchObject({
		problem: {
			message: 'The proxy of your n8n blocks it',
			description: expect.stringContaining('HTTPS_PROXY'),
		},
	});
});

import fc from 'fast-check';

import {
	fileInAnswer,
	fileInDataUrl,
	isFileAddress,
	notFetched,
	shownAddress,
	webAddressIn,
} from '../../../../nodes/ComfyControl/parameters/fileAddress';
import { MAX_REQUEST_BYTES } from '../../../../nodes/ComfyControl/parameters/size';
import { PROXY } from '../../../../nodes/ComfyControl/transport/faults';
import { TOO_LARGE } from '../../../../nodes/ComfyControl/transport/fetchFile';

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

	it('is to be fetched, unless it is a data URL or no address', () => {
		expect(webAddressIn('data:,x')).toBeUndefined();
		expect(webAddressIn('https://example.com/?next=data:,x')).toHaveProperty('value');
		expect(webAddressIn('https://')).toEqual({
			problem: {
				message: 'that is no valid address',
				description: 'Check it: it has to look like https://example.com/a.png.',
			},
		});
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
		[401, 'HTTP 401', 'It wants a sign-in'],
		[403, 'HTTP 403', 'It wants a sign-in'],
		[404, 'HTTP 404', 'Nothing is there'],
		[410, 'HTTP 410', 'Nothing is there'],
		[206, 'HTTP 206', 'Open the address in a browser'],
		[500, 'HTTP 500', 'Open the address in a browser'],
		[407, 'The proxy of your n8n blocks it', 'HTTPS_PROXY'],
		[200, 'a web page came, not a file', 'has to lead to the file itself'],
	])('with HTTP %d is explained: %s', (statusCode, message, advice) => {
		const headers = { 'content-type': 'text/html' };
		expect(fileInAnswer({ statusCode, headers }, 'https://example.com/a')).toEqual({
			problem: { message, description: expect.stringContaining(advice) },
		});
	});

	it.each([
		['https://example.com/a', 'image/png', 'a', 'image/png'],
		['https://example.com/a', undefined, 'a', 'application/octet-stream'],
		['https://example.com/a.png', undefined, 'a.png', undefined],
		['https://example.com/a', 'x-text/html', 'a', 'x-text/html'],
		['https://example.com/a', 'text/html-x', 'a', 'text/html-x'],
	])('from %s of the type %s has the name %s and the type %s', (address, type, name, mimeType) => {
		const headers = { 'content-type': type };
		expect(fileInAnswer({ statusCode: 200, headers }, address)).toEqual({
			value: { fileName: name, mimeType },
		});
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

	it.each([
		[' data: text/plain ; Base64 , aGk= \n', 'hi'],
		[' data:text/plain;charset=utf-8, hi %20 \n', ' hi  '],
	])('may have spaces around it and in it: %j', (url, text) => {
		expect(fileInDataUrl(url)).toEqual({ bytes: Buffer.from(text), mimeType: 'text/plain' });
	});

	it('need not say its type', () => {
		expect(fileInDataUrl('data:;base64,aGk=')).toEqual({
			bytes: Buffer.from('hi'),
			mimeType: undefined,
		});
	});
});

describe('a file that does not come', () => {
	const block = { by: 'Your n8n', advice: 'See there.' };
	it.each([
		['ETIMEDOUT', 'it did not come in time', /Check the address, that your n8n can reach it/],
		['ECONNABORTED', 'it did not come in time', /Check the address/],
		['ETIMEDOUT2', 'the request failed (ETIMEDOUT2)', /Check the address/],
		['xECONNABORTED', 'the request failed (xECONNABORTED)', /Check the address/],
		[TOO_LARGE, 'it is larger than 50 MB', /^ComfyControl takes 50 MB in one request/],
	])('for %s: %s', (fault, message, description) => {
		expect(notFetched(fault)).toEqual({
			message,
			description: expect.stringMatching(description),
		});
	});

	it('because it is blocked is to be sought elsewhere, unless the proxy blocks all', () => {
		expect(notFetched('x', block)).toEqual({
			message: 'Your n8n blocks it',
			description: 'Use an address on the internet. See there.',
		});
		expect(notFetched('x', PROXY).description).toBe(PROXY.advice);
	});
});

import fc from 'fast-check';

import { tagsIn, textWithin, webAddress } from '../../../../nodes/ComfyControl/parameters/limits';

describe('textWithin', () => {
	it('gives a text back as it was entered, up to the limit', () => {
		const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 10 });
		fc.assert(
			fc.property(texts, (text) => {
				fc.pre(text.trim() !== '');
				expect(textWithin('Name', text, 10)).toEqual({ value: text });
				expect(textWithin('Name', text, [...text].length - 1)).toHaveProperty('problem');
			}),
		);
	});

	it('takes a number as text', () => {
		expect(textWithin('Name', 0, 100)).toEqual({ value: '0' });
	});

	it('counts characters as people do, not the halves that JavaScript counts', () => {
		expect(textWithin('Name', '🌊'.repeat(100), 100)).toHaveProperty('value');
		expect(textWithin('Name', '🌊'.repeat(101), 100)).toEqual({
			problem: {
				message: "'Name' has 101 characters",
				description: 'ComfyControl takes at most 100.',
			},
		});
	});

	it('takes a date as n8n shows it', () => {
		expect(textWithin('Name', new Date(0), 100)).toEqual({ value: '1970-01-01T00:00:00.000Z' });
	});

	it.each([
		[{}, 'an object'],
		[['a'], 'a list'],
	])('takes no %j', (entered, what) => {
		expect(textWithin('Name', entered, 100)).toMatchObject({
			problem: { message: `'Name' is ${what}, not text` },
		});
	});

	it.each([[''], [' \n'], [undefined], [null]])('calls %j empty', (entered) => {
		expect(textWithin('Description', entered, 500)).toEqual({
			problem: { message: "'Description' is empty", description: 'Enter 1 to 500 characters.' },
		});
	});
});

describe('tagsIn', () => {
	it.each([
		['no tags', [], []],
		['a text', 'gpu-a100', ['gpu-a100']],
		['tags with commas between them', ' a , b,,a,', ['a', 'b']],
		['a list', ['a', 'b'], ['a', 'b']],
		['a list with commas and repeated entries', ['a,b', 'b', 'c '], ['a', 'b', 'c']],
		['tags that differ in their case', ['GPU', 'gpu'], ['GPU', 'gpu']],
		['numbers', [4090, 3], ['4090', '3']],
	])('reads %s', (_what, entered, tags) => {
		expect(tagsIn(entered)).toEqual({ value: tags });
	});

	it('reads what it gave again as the same', () => {
		fc.assert(
			fc.property(fc.array(fc.string()), (entered) => {
				const read = tagsIn(entered);
				const tags = 'value' in read ? read.value : [];
				expect(tagsIn(tags)).toEqual({ value: tags });
				if (tags.length > 0) expect(tagsIn(tags.join(','))).toEqual({ value: tags });
				expect(tags.filter((tag) => tag === '' || tag !== tag.trim())).toEqual([]);
			}),
		);
	});

	it('counts them against a limit, each once', () => {
		const ten = Array.from({ length: 10 }, (_, i) => `tag-${i}`);
		expect(tagsIn([...ten, 'tag-0'], 10)).toEqual({ value: ten });
		expect(tagsIn([...ten, 'one,more'], 10)).toEqual({
			problem: { message: 'There are 12 tags', description: 'ComfyControl takes at most 10.' },
		});
	});

	it.each([
		['holds a tag without a value', ['a', undefined]],
		['holds a tag without a value', ['a', null]],
		['holds a tag without a value', undefined],
		['holds an empty tag', ['a', ' ']],
		['holds an empty tag', ','],
		["contains a value that isn't text", ['a', {}]],
		["contains a value that isn't text", [['a']]],
		["contains a value that isn't text", {}],
	])('finds that it %s: %j', (what, entered) => {
		expect(tagsIn(entered)).toMatchObject({ problem: { message: `'Tags' ${what}` } });
	});
});

describe('webAddress', () => {
	it.each([
		['https://comfyui.example.com'],
		['http://192.168.1.100:8188/'],
		['HTTPS://Example.com/path?x=1'],
		['http://[::1]:8188'],
	])('takes %s as it is', (address) => {
		expect(webAddress('Endpoint', ` ${address}\n`)).toEqual({ value: address });
	});

	it('takes any web address', () => {
		fc.assert(
			fc.property(fc.webUrl({ withQueryParameters: true }), (address) => {
				expect(webAddress('Endpoint', address)).toEqual({ value: address });
			}),
		);
	});

	it.each([
		[''],
		[undefined],
		[8188],
		['comfyui.example.com'],
		['ftp://comfyui.example.com'],
		['https://'],
		['https://my comfy'],
		['http://host:99999'],
		['javascript:alert(1)'],
	])('refuses %j', (entered) => {
		expect(webAddress('Endpoint', entered)).toEqual({
			problem: {
				message: "'Endpoint' is not a valid URL",
				description: expect.stringContaining('starts with http:// or https://'),
			},
		});
	});
});

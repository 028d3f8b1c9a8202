import fc from 'fast-check';

import { readHeaders } from '../../../../nodes/ComfyControl/parameters/headers';

const header = (...rows: unknown[]) => ({ header: rows });

describe('readHeaders', () => {
	it.each([[undefined], [null], [{}], [{ header: [] }], ['x']])('reads %j as none', (entered) => {
		expect(readHeaders(entered)).toEqual({ value: {} });
	});

	it('gives values back as they were entered, and names without spaces around them', () => {
		const entered = header(
			{ name: ' Authorization ', value: 'Bearer  a=b ' },
			{ name: 'X-Empty', value: '' },
			{ name: 'X-Number', value: 7 },
		);
		expect(readHeaders(entered)).toEqual({
			value: { Authorization: 'Bearer  a=b ', 'X-Empty': '', 'X-Number': '7' },
		});
	});

	it('reads any header that the web platform takes', () => {
		const names = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
		const values = fc.stringMatching(/^[\x20-\x7e]*$/);
		fc.assert(
			fc.property(names, values, (name, value) => {
				expect(new Headers([[name, value]]).get(name)).toBe(value.trim());
				const read = readHeaders(header({ name, value }));
				expect('value' in read && Object.entries(read.value)).toEqual([[name, value]]);
			}),
		);
	});

	it('refuses names that it refuses too', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const name = text.trim();
				const isName = 'value' in readHeaders(header({ name, value: 'x' }));
				const make = () => new Headers([[name, 'x']]);
				if (isName) expect(make).not.toThrow();
				else expect(make).toThrow();
			}),
		);
	});

	it.each([
		['no name', { value: 'hunter2' }, 'A header has no name'],
		['an empty name', { name: ' ', value: 'hunter2' }, 'A header has no name'],
		[
			'spaces',
			{ name: 'My Header', value: 'hunter2' },
			"'My Header' can't be the name of a header",
		],
		['a line', { name: 'Auth: hunter2', value: '' }, "'Auth' can't be the name of a header"],
		[
			'an object',
			{ name: {}, value: 'hunter2' },
			"'[object Object]' can't be the name of a header",
		],
		[
			'a break',
			{ name: 'A', value: 'hunter2\r\nB: c' },
			"The value of the header 'A' has a line break",
		],
		['a null', { name: 'A', value: 'hunter2\0' }, "The value of the header 'A' has a line break"],
		['no value', { name: 'A', value: null }, "The header 'A' has no value"],
		['an object as value', { name: 'A', value: { key: 'hunter2' } }, "The header 'A' has no value"],
	])('refuses %s, without telling the value', (_what, row, message) => {
		const read = readHeaders(header(row));
		expect(read).toMatchObject({ problem: { message } });
		expect(JSON.stringify(read)).not.toContain('hunter2');
	});

	it('refuses a name that is entered twice, whatever its case', () => {
		const entered = header({ name: 'x-key', value: 'a' }, { name: 'X-Key', value: 'b' });
		expect(readHeaders(entered)).toEqual({
			problem: {
				message: "The header 'X-Key' is entered more than once",
				description: 'Keep one of them.',
			},
		});
	});
});

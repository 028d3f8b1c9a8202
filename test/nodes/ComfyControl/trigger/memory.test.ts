import { isMemory, postponed, type Memory } from '../../../../nodes/ComfyControl/trigger/memory';

const MEMORY: Memory = {
	newestMs: 5,
	open: ['a'],
	done: [['constructor', 3]],
	undated: ['b'],
	rest: { page: 2, sinceMs: 1, repeated: 0 },
};

describe('what is taken for a memory', () => {
	it('is one as it is saved, with or without a rest', () => {
		const { rest, ...whole } = MEMORY;
		expect(rest).toBeDefined();
		for (const memory of [MEMORY, whole]) {
			expect(isMemory(JSON.parse(JSON.stringify(memory)))).toBe(true);
		}
	});

	it.each<[string, unknown]>([
		['nothing', undefined],
		['a text', 'x'],
		['a list', []],
		['one of an older version', { newestMs: 5, open: ['a'], done: { b: 3 } }],
		['one without a part', { ...MEMORY, undated: undefined }],
		['a time that is none', { ...MEMORY, newestMs: null }],
		['an id that is none', { ...MEMORY, open: [1] }],
		['a finished one without a time', { ...MEMORY, done: [['a']] }],
		['a finished one without an id', { ...MEMORY, done: [[3, 3]] }],
		['ids of another kind', { ...MEMORY, undated: [{ id: 'b' }] }],
		['a rest of another kind', { ...MEMORY, rest: { page: 2 } }],
	])('is not %s', (_what, kept) => {
		expect(isMemory(kept)).toBe(false);
	});
});

it('lets those finish once more that were postponed, and first', () => {
	expect(postponed(MEMORY, [{ id: 'constructor' }, { id: 'b' }])).toEqual({
		...MEMORY,
		open: ['constructor', 'b', 'a'],
		done: [],
		undated: [],
	});
});

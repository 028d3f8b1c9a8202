import {
	kindOfWorkflow,
	listEntry,
	matches,
	oneOfEach,
} from '../../../../nodes/ComfyControl/methods/listEntry';

const ID = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';
const MADE = { created_at: '2024-06-01T21:59:30Z' };

describe('an entry of a list', () => {
	it.each([
		['UTC', '2024-06-01 21:59'],
		['Asia/Tokyo', '2024-06-02 06:59'],
	])('has what never changes, by the clocks of %s', (timeZone, date) => {
		const workflow = { id: ID, name: 'Poem', status: 'running', tags: ['a', 'b c'], ...MADE };
		expect(listEntry(workflow, timeZone)).toEqual({
			name: `Poem (${date}, a1b2c3d4) #a #b c`,
			value: ID,
		});
	});

	it('makes do with less', () => {
		const odd = { id: 'a', name: ' ', created_at: 'soon', tags: 'none' };
		for (const entity of [{ id: 'a' }, odd]) {
			expect(listEntry(entity, 'UTC')).toEqual({ name: 'Unnamed (a)', value: 'a' });
		}
	});

	it('has no more tags than fit', () => {
		const tags = Array.from({ length: 50 }, (_, index) => `tag-${index}`);
		expect(listEntry({ id: ID, name: 'Poem', tags }, 'UTC').name.length).toBeLessThan(100);
	});
});

describe('one of each kind', () => {
	const run = (id: string, status: string, tags: string[] = [], name = 'Poem') => ({
		id,
		name,
		status,
		tags,
	});

	it('is the newest that has completed, or the newest', () => {
		const runs = [
			run('failed', 'failed'),
			run('newest', 'completed'),
			run('older', 'completed'),
			run('other', 'queued', [], 'Video'),
			run('other too', 'failed', [], 'Video'),
		];
		const chosen = [...oneOfEach(runs, kindOfWorkflow).values()];
		expect(chosen.map(({ id }) => id)).toEqual(['newest', 'other']);
	});

	it('is told by the name and the set of tags', () => {
		const kinds = [
			run('1', '', ['a', 'b']),
			run('2', '', ['b', 'a', 'a']),
			run('3', '', ['a']),
			run('4', '', ['a', 'b'], 'poem'),
		].map(kindOfWorkflow);
		expect(kinds[1]).toBe(kinds[0]);
		expect(new Set(kinds).size).toBe(3);
	});
});

describe('a search', () => {
	const workflow = { id: ID, name: 'Text to Image', status: 'completed', tags: ['Production'] };
	it.each([
		['image text', true],
		['IMAGE   produ', true],
		['completed a1b2 to', true],
		['image failed', false],
		['texttoimage', false],
	])('for %p finds it: %p', (text, isFound) => {
		expect(matches(workflow, text)).toBe(isFound);
	});
});

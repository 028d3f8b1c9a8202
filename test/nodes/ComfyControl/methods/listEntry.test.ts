import { listEntry } from '../../../../nodes/ComfyControl/methods/listEntry';

const now = Date.parse('2024-06-01T12:00:00Z');

describe('listEntry', () => {
	it.each([
		['2024-06-01T11:59:30Z', 'just now'],
		['2024-06-01T11:59:00Z', '1 minute ago'],
		['2024-06-01T09:30:00Z', '2 hours ago'],
		['2024-05-31T11:00:00Z', '1 day ago'],
		['2024-04-01T11:00:00Z', '2 months ago'],
		['2021-04-01T11:00:00Z', '3 years ago'],
	])('of %s: %s', (created_at, expected) => {
		const workflow = { id: 'a', name: 'Poem', status: 'running', created_at };
		expect(listEntry(workflow, now)).toEqual({
			name: `Poem (running, ${expected})`,
			value: 'a',
		});
	});

	it('makes do with less', () => {
		expect(listEntry({ id: 'a', name: ' ' }, now)).toEqual({ name: 'Unnamed', value: 'a' });
	});
});

import fc from 'fast-check';

import { entityIdIn } from '../../../../nodes/ComfyControl/parameters/entityId';

const ID = '550e8400-e29b-41d4-a716-446655440000';

describe('entityIdIn', () => {
	it.each([
		['the id', ID],
		['the id with spaces around it', ` ${ID}\n`],
		['an address', `https://comfycontrol.app/templates/${ID}`],
		['an address with more behind it', `https://comfycontrol.app/templates/${ID}/?tab=1#top`],
		['a path of the API', `/v1/runner/${ID}`],
	])('finds it in %s', (_what, entered) => {
		expect(entityIdIn(entered, 'runner')).toEqual({ value: ID });
	});

	it('takes ids that are no UUIDs, as in the documentation', () => {
		const id = 't1e2m3p4-l5a6-7890-abcd-ef1234567890';
		expect(entityIdIn(id, 'template')).toEqual({ value: id });
	});

	it.each([[undefined], [null], [''], ['  '], [42], [{}], [[ID]]])(
		'says that none is given for %j',
		(entered) => {
			expect(entityIdIn(entered, 'template')).toEqual({
				problem: {
					message: 'No template is given',
					description: expect.stringContaining('Pick the template from the list, or enter its ID.'),
				},
			});
		},
	);

	it.each(['my runner', '/', '?id=1', '.', '..', `https://x.app/runners/${ID}/..`])(
		'finds none in %s',
		(entered) => {
			expect(entityIdIn(entered, 'runner')).toMatchObject({
				problem: { message: `'${entered}' is no ID of a runner` },
			});
		},
	);

	it('shortens a long text in the message', () => {
		expect(entityIdIn('x '.repeat(5000), 'runner')).toMatchObject({
			problem: { message: `'${'x '.repeat(40)}…' is no ID of a runner` },
		});
	});

	it('gives nothing that would lead a request to another path', () => {
		const parts = fc.constantFrom('a', '.', '..', '/', '\\', '?', '#', '%2e', ' ', ID);
		const texts = fc.oneof(
			fc.string(),
			fc.array(parts).map((all) => all.join('')),
		);
		fc.assert(
			fc.property(texts, (entered) => {
				const read = entityIdIn(entered, 'runner');
				if ('problem' in read) return;
				const path = `/v1/runner/${encodeURIComponent(read.value)}`;
				expect(new URL(path, 'https://api.comfycontrol.app').pathname).toBe(path);
			}),
		);
	});
});

import fc from 'fast-check';

import { entityIdIn, workflowIdIn } from '../../../../nodes/ComfyControl/parameters/ids';

const ID = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';
const OTHER = 'b2c3d4e5-f6a7-4901-8cde-f12345678901';

describe('workflowIdIn', () => {
	it.each([
		['the id', ID],
		['the id with spaces around it', `  ${ID}\n`],
		['a page address', `https://comfycontrol.app/workflows/${ID}`],
		[
			'a page address with more after it',
			`https://comfycontrol.app/workflow/${ID}/outputs?tab=1#x`,
		],
		['an API address', `https://api.comfycontrol.app/v1/workflow/${ID}/rerun`],
		['the id as a query value', `https://comfycontrol.app/open?id=${ID}`],
		['an address with a runner before it', `https://x.app/runners/${OTHER}/workflows/${ID}`],
		['an address with a team before it', `https://x.app/t/${OTHER}/Workflow/${ID}`],
	])('finds it in %s', (_what, entered) => {
		expect(workflowIdIn(entered)).toEqual({ value: ID });
	});

	it('takes the first of several ids when none follows the word workflow', () => {
		expect(workflowIdIn(`https://x.app/${ID}/${OTHER}`)).toEqual({ value: ID });
	});

	it('takes ids that are no strict UUIDs, as in the documentation', () => {
		expect(workflowIdIn('t1e2m3p4-l5a6-7890-abcd-ef1234567890')).toHaveProperty('value');
	});

	it('finds any UUID, in any case, in any address', () => {
		fc.assert(
			fc.property(fc.uuid(), fc.boolean(), fc.webPath(), (uuid, upper, path) => {
				const id = upper ? uuid.toUpperCase() : uuid;
				expect(workflowIdIn(`https://comfycontrol.app${path}/${id}`)).toEqual({ value: id });
			}),
		);
	});

	it.each(['', '   ', undefined, null, 42, {}])('says that none is given for %j', (entered) => {
		expect(workflowIdIn(entered)).toMatchObject({ problem: { message: 'No workflow is given' } });
	});

	it.each(['my workflow', `${ID}0`, `0${ID}`, ID.slice(1), 'https://comfycontrol.app/workflows'])(
		'finds none in %s',
		(entered) => {
			expect(workflowIdIn(entered)).toMatchObject({
				problem: {
					message: `'${entered}' contains no workflow ID`,
					description: expect.stringContaining('Copy it'),
				},
			});
		},
	);

	it('shortens a long text in the message', () => {
		expect(workflowIdIn('x'.repeat(5000))).toMatchObject({
			problem: { message: `'${'x'.repeat(80)}…' contains no workflow ID` },
		});
	});
});

const ENTITY_ID = '550e8400-e29b-41d4-a716-446655440000';

describe('entityIdIn', () => {
	it.each([
		['the id', ENTITY_ID],
		['the id with spaces around it', ` ${ENTITY_ID}\n`],
		['an address', `https://comfycontrol.app/templates/${ENTITY_ID}`],
		[
			'an address with more behind it',
			`https://comfycontrol.app/templates/${ENTITY_ID}/?tab=1#top`,
		],
		['a path of the API', `/v1/runner/${ENTITY_ID}`],
	])('finds it in %s', (_what, entered) => {
		expect(entityIdIn(entered, 'runner')).toEqual({ value: ENTITY_ID });
	});

	it('takes ids that are no UUIDs, as in the documentation', () => {
		const id = 't1e2m3p4-l5a6-7890-abcd-ef1234567890';
		expect(entityIdIn(id, 'template')).toEqual({ value: id });
	});

	it.each([[undefined], [null], [''], ['  '], [42], [{}], [[ENTITY_ID]]])(
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

	it.each(['my runner', '/', '?id=1', '.', '..', `https://x.app/runners/${ENTITY_ID}/..`])(
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
		const parts = fc.constantFrom('a', '.', '..', '/', '\\', '?', '#', '%2e', ' ', ENTITY_ID);
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

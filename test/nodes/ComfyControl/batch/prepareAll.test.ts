import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import type { FailurePolicy } from '../../../../nodes/ComfyControl/batch/outcome';
import { prepareAll, type PrepareSteps } from '../../../../nodes/ComfyControl/batch/prepareAll';
import { asNode, withItems } from '../../../support/asNode';
import { clock } from '../../../support/clock';

const CREDENTIAL = { apiToken: 'cfc_secret', baseUrl: 'http://127.0.0.1' };

/** Reads and checks four items, of which some can't be read and some don't pass the check. */
async function prepare(
	policy: FailurePolicy,
	{ unread = [], wrong, ...more }: Wrong & Pick<PrepareSteps<string>, 'isSecondAttempt'>,
	description?: string,
) {
	const steps: string[] = [];
	const work = async (context: IExecuteFunctions) => {
		const refuse = (message: string, itemIndex: number) => {
			throw new NodeOperationError(context.getNode(), message, { description, itemIndex });
		};
		return await prepareAll<string>(withItems(context, 4), policy, {
			...more,
			prepare: async (itemIndex) => {
				steps.push(`read ${itemIndex}`);
				if (unread.includes(itemIndex)) refuse('unreadable', itemIndex);
				return `plan ${itemIndex}`;
			},
			check:
				wrong &&
				(async (plan, itemIndex) => {
					steps.push(`check ${plan}`);
					if (wrong.includes(itemIndex)) refuse('wrong', itemIndex);
				}),
		});
	};
	return { steps, prepared: await asNode(CREDENTIAL, work) };
}

interface Wrong {
	unread?: number[];
	wrong?: number[];
}

const READ = ['read 0', 'read 1', 'read 2', 'read 3'];
const planOf = (itemIndex: number) => ({ itemIndex, plan: `plan ${itemIndex}` });
const refused = (itemIndex: number, message: string, description?: string) => ({
	itemIndex,
	error: { message, ...(description !== undefined && { description }) },
});

describe.each(['stop', 'goOn'] as const)('with the policy %s', (policy) => {
	it('all items are read before any is checked', async () => {
		const { steps, prepared } = await prepare(policy, { wrong: [] });
		expect(prepared).toEqual([0, 1, 2, 3].map(planOf));
		expect(steps).toEqual([...READ, ...[0, 1, 2, 3].map((item) => `check plan ${item}`)]);
	});

	it('a check is not needed', async () => {
		const { steps, prepared } = await prepare(policy, {});
		expect(prepared).toEqual([0, 1, 2, 3].map(planOf));
		expect(steps).toEqual(READ);
	});
});

it('ten items are read at a time, in their order', async () => {
	const [begun, ended]: number[][] = [[], []];
	let mostUnderWay = 0;
	await asNode(CREDENTIAL, async (context) => {
		await prepareAll(withItems(context, 14), 'stop', {
			prepare: async (itemIndex) => {
				begun.push(itemIndex);
				mostUnderWay = Math.max(mostUnderWay, begun.length - ended.length);
				await clock.pause(1_000);
				ended.push(itemIndex);
			},
		});
	});
	expect([mostUnderWay, begun]).toEqual([10, [...new Array(14).keys()]]);
});

describe('items that can’t be sent', () => {
	it('have the others go on, unchecked what can’t be read', async () => {
		const { steps, prepared } = await prepare('goOn', { unread: [1], wrong: [2] });
		expect(prepared).toMatchObject([
			planOf(0),
			refused(1, 'unreadable'),
			refused(2, 'wrong'),
			planOf(3),
		]);
		expect(steps).not.toContain('check plan 1');
	});

	it('are all there is otherwise, with what they say themselves', async () => {
		const { prepared } = await prepare('stop', { unread: [1, 3], wrong: [0, 2] }, 'Mend it.');
		expect(prepared).toMatchObject([
			{ ...refused(0, 'wrong', 'Mend it.'), sent: 'nothing' },
			{ ...refused(1, 'unreadable', 'Mend it.'), sent: 'nothing' },
			{ ...refused(2, 'wrong', 'Mend it.'), sent: 'nothing' },
			{ ...refused(3, 'unreadable', 'Mend it.'), sent: 'nothing' },
		]);
	});

	it('say that an earlier try has sent something', async () => {
		const { prepared } = await prepare('stop', { unread: [0], isSecondAttempt: true }, 'Mend it.');
		expect(prepared).toMatchObject([refused(0, 'unreadable', 'Mend it.')]);
		expect(prepared).toMatchObject([{ sent: 'nothingMore' }]);
	});
});

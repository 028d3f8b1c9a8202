import type { IExecuteFunctions } from 'n8n-workflow';

import { eachItem } from '../../../../nodes/ComfyControl/batch/eachItem';
import type { FailurePolicy } from '../../../../nodes/ComfyControl/batch/outcome';
import { asNode, withItems } from '../../../support/asNode';

const CREDENTIAL = { apiToken: 'cfc_secret', baseUrl: 'http://127.0.0.1' };

/** Fails for the second of three items. */
async function run(policy: FailurePolicy, asked: number[] = []) {
	const work = async (context: IExecuteFunctions) =>
		await eachItem(withItems(context, 3), policy, async (itemIndex) => {
			asked.push(itemIndex);
			if (itemIndex === 1) throw new Error('No such field');
			return [{ json: { itemIndex } }];
		});
	return await asNode(CREDENTIAL, work);
}

const failure = {
	itemIndex: 1,
	error: { name: 'NodeOperationError', message: 'No such field', context: { itemIndex: 1 } },
};

describe('eachItem', () => {
	it('goes on after a failure', async () => {
		expect(await run('goOn')).toMatchObject([
			{ itemIndex: 0, items: [{ json: { itemIndex: 0 } }] },
			failure,
			{ itemIndex: 2, items: [{ json: { itemIndex: 2 } }] },
		]);
	});

	it('ends with the first failure if that is the policy', async () => {
		const asked: number[] = [];
		expect(await run('stop', asked)).toMatchObject([{ itemIndex: 0 }, failure]);
		expect(asked).toEqual([0, 1]);
	});
});

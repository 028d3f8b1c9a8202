import {
	type IExecuteFunctions,
	type INode,
	type IWorkflowDataProxyData,
	NodeOperationError,
} from 'n8n-workflow';

import { isOwnStart, StartJournal } from '../../../../nodes/ComfyControl/batch/startJournal';
import {
	mayHaveStarted,
	noteMayHaveStarted,
} from '../../../../nodes/ComfyControl/transport/errors';
import { clock } from '../../../support/clock';
import { NODE } from '../../../support/node';

/** What n8n gives to one try of the node. */
interface Attempt {
	/** What n8n keeps for the node, the same object for all of its tries. */
	memory: object;
	executionId?: string;
	runIndex?: number;
	isTool?: boolean;
	mode?: 'manual' | 'retry';
}

const TEXTS = { message: 'The answer got lost', description: 'Sent at noon.' };

/** One run of an item, mostly its only one. */
const runOf = (itemIndex: number, runNumber = 1) => ({ itemIndex, runNumber });

function nodeOf(isTool = false): INode {
	const type = `n8n-nodes-comfycontrol.comfyControl${isTool ? 'Tool' : ''}`;
	return { ...NODE, type };
}

function proxyOf($runIndex: number): IWorkflowDataProxyData {
	const needed: Partial<IWorkflowDataProxyData> = { $runIndex };
	return needed as IWorkflowDataProxyData;
}

function journalOf({
	memory,
	executionId = '1',
	runIndex = 0,
	isTool,
	mode = 'manual',
}: Attempt): StartJournal {
	const needed: Partial<IExecuteFunctions> = {
		getContext: () => memory as ReturnType<IExecuteFunctions['getContext']>,
		getExecutionId: () => executionId,
		getMode: () => mode,
		logger: {
			info: (text: string) => void told.push(text),
			warn: (text: string) => void warned.push(text),
		} as IExecuteFunctions['logger'],
		getNode: () => nodeOf(isTool),
		getWorkflow: () => ({ id: 'n8n', name: 'n8n', active: true }),
		getWorkflowDataProxy: () => proxyOf(runIndex),
	};
	return new StartJournal(needed as IExecuteFunctions);
}

it('leaves in n8n’s log what was started, as a crash leaves nothing else', async () => {
	await journalOf({ memory: {}, executionId: '12' }).startOnce(runOf(3), {}, accept('w1'));
	expect(told).toEqual([
		"ComfyControl (execution 12, workflow 'n8n', node 'ComfyControl'): started workflow w1 for item 3",
	]);
});

it('lets the trigger of the same n8n workflow know what was started', async () => {
	await journalOf({ memory: {} }).startOnce(runOf(0), {}, accept('own'));
	await expect(journalOf({ memory: {} }).startOnce(runOf(0), {}, lose())).rejects.toThrow();
	expect(isOwnStart('n8n', 'own')).toBe(true);
	expect(isOwnStart('another', 'own')).toBe(false);
	expect(isOwnStart('n8n', 'unknown')).toBe(false);
});

/** A start that ComfyControl accepts. */
function accept(id: string) {
	return jest.fn(async () => ({ id }));
}

/** A start whose answer gets lost, so that the workflow may run. */
function lose() {
	return jest.fn(async () => {
		const error = new NodeOperationError(nodeOf(), TEXTS.message, TEXTS);
		noteMayHaveStarted(error);
		return await Promise.reject(error);
	});
}

/** A start that ComfyControl refuses. */
function refuse() {
	return jest.fn(async () => await Promise.reject(new NodeOperationError(nodeOf(), 'Refused')));
}

let memory: object;
let warned: string[] = [];
let told: string[] = [];
beforeEach(() => {
	memory = {};
	warned = [];
	told = [];
});

describe('a second attempt', () => {
	it('goes on with what was accepted, whatever its expressions give this time', async () => {
		const first = await journalOf({ memory }).startOnce(runOf(0), { prompt: 'a' }, accept('w1'));
		const start = accept('w2');
		const second = await journalOf({ memory }).startOnce(runOf(0), { prompt: 'b' }, start);
		expect(start).not.toHaveBeenCalled();
		expect(second).toMatchObject(first);
		expect(second).toMatchObject({ itemIndex: 0, workflow: { id: 'w1' } });
	});

	it('counts the time from when it was accepted', async () => {
		const acceptedMs = clock.nowMs();
		await journalOf({ memory }).startOnce(runOf(0), {}, accept('w1'));
		await clock.pause(8_000);
		const again = await journalOf({ memory }).startOnce(runOf(0), {}, accept('w2'));
		expect(again.acceptedAtMs).toBe(acceptedMs);
	});

	it('sends again what was refused', async () => {
		await expect(journalOf({ memory }).startOnce(runOf(0), {}, refuse())).rejects.toThrow(
			'Refused',
		);
		const run = await journalOf({ memory }).startOnce(runOf(0), {}, accept('w1'));
		expect(run.workflow.id).toBe('w1');
	});

	it('is kept without what was sent, of which there may be much', async () => {
		const run = { ...runOf(0), plan: 'the prompt' };
		await journalOf({ memory }).startOnce(run, run.plan, accept('w1'));
		await expect(
			journalOf({ memory }).startOnce({ ...run, itemIndex: 1 }, run.plan, lose()),
		).rejects.toThrow();
		expect(JSON.stringify(memory)).not.toContain('the prompt');
		expect(JSON.stringify(memory)).toContain('w1');
	});

	it('is told run by run', async () => {
		await journalOf({ memory }).startOnce(runOf(0, 1), {}, accept('w1'));
		await expect(journalOf({ memory }).startOnce(runOf(0, 2), {}, lose())).rejects.toThrow();
		const journal = journalOf({ memory });
		expect(journal.sentBefore(runOf(0, 1))).toMatchObject({ workflow: { id: 'w1' } });
		expect(journal.sentBefore(runOf(0, 2))).toMatchObject({ runNumber: 2, error: TEXTS });
		expect(journal.sentBefore(runOf(0, 3))).toBeUndefined();
		// An item whose input can't be read again reached none of its runs.
		expect(journal.leftOver([{ itemIndex: 0 }])).toHaveLength(2);
	});

	it.each([
		['another item', 1, {}],
		['a loop’s next round', 0, { runIndex: 1 }],
		['another execution', 0, { executionId: '2' }],
	])('is not %s, which starts its own', async (_, itemIndex, other: Partial<Attempt>) => {
		await journalOf({ memory }).startOnce(runOf(0), {}, accept('w1'));
		const run = await journalOf({ memory, ...other }).startOnce(runOf(itemIndex), {}, accept('w2'));
		expect(run).toMatchObject({ itemIndex, workflow: { id: 'w2' } });
	});

	it('does not confuse runs and items whose numbers begin alike', async () => {
		await journalOf({ memory, runIndex: 1 }).startOnce(runOf(11), {}, accept('w1'));
		const start = accept('w2');
		await journalOf({ memory, runIndex: 11 }).startOnce(runOf(1), {}, start);
		expect(start).toHaveBeenCalledTimes(1);
		expect(journalOf({ memory, runIndex: 1 }).leftOver([])).toHaveLength(1);
	});
});

describe('a lost answer', () => {
	it('is not sent again, however often it is tried, and says the same again', async () => {
		const lost = journalOf({ memory }).startOnce(runOf(0), {}, lose());
		await expect(lost).rejects.toMatchObject(TEXTS);
		for (let i = 0; i < 2; i++) {
			const start = accept('w1');
			const error: unknown = await journalOf({ memory })
				.startOnce(runOf(0), {}, start)
				.catch((fault: unknown) => fault);
			expect(start).not.toHaveBeenCalled();
			expect(error).toMatchObject({ ...TEXTS, context: { itemIndex: 0 } });
			expect(error instanceof NodeOperationError && mayHaveStarted(error)).toBe(true);
		}
	});
});

describe('what is left over', () => {
	it('is what earlier attempts of this run began for items that this one did not get to', async () => {
		await journalOf({ memory }).startOnce(runOf(0), {}, accept('reached'));
		await journalOf({ memory }).startOnce(runOf(1), {}, accept('not reached'));
		await expect(journalOf({ memory }).startOnce(runOf(2), {}, lose())).rejects.toThrow();
		await expect(journalOf({ memory }).startOnce(runOf(3), {}, refuse())).rejects.toThrow();
		await journalOf({ memory, runIndex: 1 }).startOnce(runOf(4), {}, accept('of another round'));

		const [run, lost, ...more] = journalOf({ memory }).leftOver([runOf(0)]);
		expect(run).toMatchObject({ itemIndex: 1, workflow: { id: 'not reached' } });
		expect(lost).toMatchObject({ itemIndex: 2, error: TEXTS });
		expect(more).toEqual([]);
	});

	it('is nothing after all was reached, or in another execution', async () => {
		await journalOf({ memory }).startOnce(runOf(0), {}, accept('w1'));
		expect(journalOf({ memory }).leftOver([runOf(0)])).toEqual([]);
		expect(journalOf({ memory, executionId: '2' }).leftOver([])).toEqual([]);
	});
});

describe('the tool of an agent', () => {
	const tool = (runIndex: number) => journalOf({ memory, runIndex, isTool: true });

	it('takes an equal request for a second attempt, until its result was handed over', async () => {
		const first = tool(0);
		await first.startOnce(runOf(0), { prompt: 'a' }, accept('w1'));
		const second = tool(1);
		const run = await second.startOnce(runOf(0), { prompt: 'a' }, accept('w2'));
		expect(run.workflow.id).toBe('w1');

		second.close([{ ...runOf(0), items: [] }], 'stop');
		const next = await tool(2).startOnce(runOf(0), { prompt: 'a' }, accept('w3'));
		expect(next.workflow.id).toBe('w3');
	});

	it('does not forget what another call at the same time has begun', async () => {
		const [one, other] = [tool(0), tool(1)];
		await one.startOnce(runOf(0), { prompt: 'a' }, accept('w1'));
		const starting = other.startOnce(runOf(0), { prompt: 'b' }, accept('w2'));
		one.close([{ ...runOf(0), items: [] }], 'stop');
		await starting;
		const run = await tool(2).startOnce(runOf(0), { prompt: 'b' }, accept('w3'));
		expect(run.workflow.id).toBe('w2');
	});

	it('starts each of several equal items', async () => {
		const journal = tool(0);
		await journal.startOnce(runOf(0), { prompt: 'a' }, accept('w1'));
		const run = await journal.startOnce(runOf(1), { prompt: 'a' }, accept('w2'));
		expect(run.workflow.id).toBe('w2');
	});

	it('starts each of several runs, and takes up those of an equal request alone', async () => {
		await tool(0).startOnce(runOf(0, 1), { prompt: 'a' }, accept('w1'));
		await tool(0).startOnce(runOf(0, 2), { prompt: 'a' }, accept('w2'));
		const [equal, another] = [tool(1), tool(2)];
		const run = await equal.startOnce(runOf(0, 1), { prompt: 'a' }, accept('w3'));
		expect(run.workflow.id).toBe('w1');
		expect(equal.leftOver([runOf(0, 1)])).toMatchObject([{ workflow: { id: 'w2' } }]);
		await another.startOnce(runOf(0, 1), { prompt: 'b' }, accept('w4'));
		expect(another.leftOver([runOf(0, 1)])).toEqual([]);
	});

	it('keeps what has completed beside what has failed, as nobody was told of it', async () => {
		const journal = tool(0);
		await journal.startOnce(runOf(0, 1), { prompt: 'a' }, accept('w1'));
		const failure = new NodeOperationError(nodeOf(), 'Refused');
		const ends = [
			{ ...runOf(0, 1), items: [] },
			{ ...runOf(0, 2), error: failure },
		];
		journal.close(ends, 'stop');
		const again = await tool(1).startOnce(runOf(0, 1), { prompt: 'a' }, accept('w2'));
		expect(again.workflow.id).toBe('w1');
		journal.close(ends, 'goOn');
		const next = await tool(2).startOnce(runOf(0, 1), { prompt: 'a' }, accept('w3'));
		expect(next.workflow.id).toBe('w3');
	});

	it('starts what is asked for with other values', async () => {
		await tool(0).startOnce(runOf(0), { prompt: 'a' }, accept('w1'));
		const run = await tool(1).startOnce(runOf(0), { prompt: 'b' }, accept('w2'));
		expect(run.workflow.id).toBe('w2');
	});

	it('does not send an equal request again whose answer got lost', async () => {
		await expect(tool(0).startOnce(runOf(0), { prompt: 'a' }, lose())).rejects.toThrow();
		const start = accept('w1');
		await expect(tool(1).startOnce(runOf(0), { prompt: 'a' }, start)).rejects.toMatchObject(TEXTS);
		expect(start).not.toHaveBeenCalled();
	});
});

it('forgets nothing of a node that is no tool when its results are handed over', async () => {
	const journal = journalOf({ memory });
	await journal.startOnce(runOf(0), {}, accept('w1'));
	journal.close([{ ...runOf(0), items: [] }], 'stop');
	const run = await journalOf({ memory }).startOnce(runOf(0), {}, accept('w2'));
	expect(run.workflow.id).toBe('w1');
});

describe('what another version of the node has kept', () => {
	it.each([
		['entries of another shape', { executionId: '1', entries: { '0/0': { id: 'w1' } } }],
		[
			'an entry without its run',
			{
				executionId: '1',
				entries: { '0/0': { itemIndex: 0, workflow: { id: 'w1' }, acceptedAtMs: 1 } },
			},
		],
		['no entries', { executionId: '1' }],
		['a list', ['w1']],
		[
			'entries of the retried execution in another shape',
			{ executionId: '1', entries: {}, retried: { '0/0': 1 } },
		],
	])('is not used, and that is in the log: %s', async (_, comfyControlStarts) => {
		memory = { comfyControlStarts };
		const start = accept('w2');
		await journalOf({ memory }).startOnce(runOf(0), {}, start);
		expect(start).toHaveBeenCalledTimes(1);
		expect(warned).toEqual([expect.stringContaining('kept by another version of the node')]);
	});
});

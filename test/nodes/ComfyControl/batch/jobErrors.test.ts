import {
	timedOutJob,
	unreadableJob,
	unsuccessfulJob,
} from '../../../../nodes/ComfyControl/batch/jobErrors';
import { NODE } from '../../../support/node';

const ITEM = 3;
const PICK_UP =
	"To pick up its result later, use the operation 'Wait for Completion' with this ID.";

describe('a workflow that ended without a result', () => {
	const why = {
		error_node: '3',
		exception_type: 'OutOfMemoryError',
		exception_message: 'Allocation on device',
	};

	it.each([
		['failed', why, 'ComfyUI stopped at node 3: Allocation on device', ' (OutOfMemoryError)'],
		['failed', { ...why, error_node: 7 }, 'ComfyUI stopped at node 7: Allocation on device', ' ('],
		['failed', {}, 'ComfyUI stopped', "as 'failed'."],
		['failed', { error_node: null, exception_message: null }, 'ComfyUI stopped', "as 'failed'."],
		['failed', { error_node: '3' }, 'ComfyUI stopped at node 3', "as 'failed'."],
		['failed', { exception_message: 'gone' }, 'ComfyUI stopped: gone', "as 'failed'."],
		[
			'invalid',
			why,
			'ComfyUI did not accept the workflow at node 3: Allocation on device',
			'invalid',
		],
		['invalid', {}, 'ComfyUI did not accept the workflow', "as 'invalid'."],
		['lost', {}, 'ComfyUI stopped', "as 'lost'."],
		['cancelled', why, 'Workflow w1 was cancelled on ComfyControl', 'to start a new one'],
	])('%s, %j: %s', (status, told, message, description) => {
		const error = unsuccessfulJob(NODE, { id: 'w1', status, ...told }, ITEM);
		expect(error.message).toBe(message);
		expect(error.description).toContain(description);
		expect(error.context.itemIndex).toBe(ITEM);
	});

	it('is called by its ID, with the next step', () => {
		const error = unsuccessfulJob(NODE, { id: 'w1', status: 'failed', ...why }, ITEM);
		expect(error.description).toMatch(
			/^Workflow w1 ended as 'failed' \(OutOfMemoryError\)\. Open it in ComfyControl .* run the item again\.$/,
		);
	});
});

describe('a workflow whose status can’t be read', () => {
	it.each([
		['Check the token.', `Check the token. Workflow w1 may go on all the same. ${PICK_UP}`],
		[undefined, `Workflow w1 may go on all the same. ${PICK_UP}`],
		[null, `Workflow w1 may go on all the same. ${PICK_UP}`],
	])('%j', (description, expected) => {
		const error = unreadableJob(NODE, 'w1', { message: 'Refused', description }, ITEM);
		expect(error).toMatchObject({
			message: 'Refused',
			description: expected,
			context: { itemIndex: ITEM },
		});
	});
});

describe('a workflow that was not finished in time', () => {
	it.each([
		[
			{ status: 'queued', queue_number: 4 },
			"state is 'queued' at queue position 4, and it goes on.",
		],
		[{ status: 'running', queue_number: null }, "state is 'running', and it goes on."],
		[{}, "state is 'unknown', and it goes on."],
	])('%j', (told, description) => {
		const error = timedOutJob(NODE, { id: 'w1', ...told }, 900, ITEM);
		expect(error.message).toBe('Workflow w1 was not finished after 900 seconds');
		expect(error.description).toContain(description);
		expect(error.description).toContain(`${PICK_UP} To wait longer, raise 'Timeout (Seconds)'`);
		expect(error.context.itemIndex).toBe(ITEM);
	});
});

import type { INode, NodeOperationError } from 'n8n-workflow';

import { foreignText } from '../basics/foreignText';
import { operationError } from '../basics/nodeErrors';
import type { ComfyControlWorkflow } from '../api/states';

const LONG = 500;
const SHORT = 100;

/** How a user comes back to a workflow whose result is still to come. */
const PICK_UP =
	"To pick up its result later, use the operation 'Wait for Completion' with this ID.";

const LAST_POSITION_SHOWN = 100;

/** The error for a workflow that ended without a result. */
export function unsuccessfulJob(
	node: INode,
	workflow: ComfyControlWorkflow,
	itemIndex: number,
): NodeOperationError {
	const { id, status, error_node: comfyNode, exception_type: type } = workflow;
	const said = text(workflow.exception_message, LONG);
	const at = text(comfyNode) === '' ? '' : ` at node ${text(comfyNode)}`;
	const kind = text(type) === '' ? '' : ` (${text(type)})`;
	if (status === 'cancelled') {
		return operationError(
			node,
			{
				message: `Workflow ${id} was cancelled on ComfyControl`,
				description:
					'Somebody or something stopped it there. Run the item again to start a new one.',
			},
			itemIndex,
		);
	}
	const what = status === 'invalid' ? 'ComfyUI did not accept the workflow' : 'ComfyUI stopped';
	return operationError(
		node,
		{
			message: `${what}${at}${said === '' ? '' : `: ${said}`}`,
			description: `Workflow ${id} ended as '${text(status)}'${kind}. Open it in ComfyControl to see the node, correct the parameters or the workflow, and run the item again.`,
		},
		itemIndex,
	);
}

/** The error for a workflow whose status can't be read. */
export function unreadableJob(
	node: INode,
	workflowId: string,
	fault: { message: string; description?: string | null },
	itemIndex: number,
): NodeOperationError {
	return operationError(
		node,
		{
			message: fault.message,
			description: [fault.description, `Workflow ${workflowId} may go on all the same.`, PICK_UP]
				.filter(Boolean)
				.join(' '),
		},
		itemIndex,
	);
}

/** The error for a workflow that was not finished in time. */
export function timedOutJob(
	node: INode,
	workflow: ComfyControlWorkflow,
	timeoutSeconds: number,
	itemIndex: number,
): NodeOperationError {
	const { queue_number: queued } = workflow;
	// ComfyUI's own counter would look like thousands of workflows ahead.
	const isPosition = typeof queued === 'number' && queued >= 0 && queued <= LAST_POSITION_SHOWN;
	const position = isPosition ? ` at queue position ${queued}` : '';
	return operationError(
		node,
		{
			message: `Workflow ${workflow.id} was not finished after ${timeoutSeconds} ${timeoutSeconds === 1 ? 'second' : 'seconds'}`,
			description: `Its last known state is '${text(workflow.status) || 'unknown'}'${position}, and it goes on. ${PICK_UP} To wait longer, raise 'Timeout (Seconds)' in the options.`,
		},
		itemIndex,
	);
}

function text(value: unknown, max = SHORT): string {
	return typeof value === 'string' || typeof value === 'number'
		? foreignText(String(value), { max }).trim()
		: '';
}

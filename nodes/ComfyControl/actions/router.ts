import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import { addHint, logList } from '../basics/notes';
import { isFailure, type Failure, type Outcome } from '../batch/outcome';
import { listed } from '../parameters/wording';
import { isOnInResult } from '../fields/isOn';
import { includeInputFieldsOption } from '../fields/runs';
import type { Operation } from './operation';
import { RESOURCES } from './resources';

const LONGEST_FOR_MODEL = 4_000;
// More in one text nobody reads. Then n8n's log has them all.
const MOST_IDS = 50;

/** Runs the chosen operation. The only place that knows what n8n does about items that fail. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = chosenOperation(this);
	const policy = this.continueOnFail() ? 'goOn' : 'stop';
	const outcomes = await operation(this, policy);
	const failure = outcomes.find(isFailure);
	if (failure && policy === 'stop') {
		const items = this.getInputData().length;
		throw forReader(this, withRow(told(this, failure, outcomes), failure, items));
	}
	const late = outcomes.filter(
		(outcome) => isFailure(outcome) && outcome.hasEnded === false,
	).length;
	if (late > 0) addHint(this, runOnHint(late));
	const several = itemsOfSeveralRuns(outcomes);
	return [outcomes.flatMap((outcome) => toItems(this, outcome, several.has(outcome.itemIndex)))];
}

/** What to do about workflows that were not waited for to their end. */
function runOnHint(workflows: number): string {
	const what = workflows === 1 ? '1 workflow was' : `${workflows} workflows were`;
	return `${what} not finished in time, and may still run at ComfyControl. To get the results later, use the operation 'Wait for Completion' with the ID in 'error.workflowId'.`;
}

function chosenOperation(context: IExecuteFunctions): Operation {
	const resource = context.getNodeParameter('resource', 0);
	// n8n has none for a resource that the node doesn't have.
	const name = context.getNodeParameter('operation', 0, '');
	const operation = RESOURCES.find(({ option }) => option.value === resource)?.operations.find(
		({ option }) => option.value === name,
	);
	if (operation === undefined) {
		const [wanted, list] =
			name === ''
				? ['resource', 'a resource']
				: [`operation '${String(name)}' for`, 'an operation'];
		throw new NodeOperationError(
			context.getNode(),
			`This version of the node has no ${wanted} '${String(resource)}'`,
			{ description: `Choose ${list} from the list, or update the ComfyControl node.` },
		);
	}
	return operation.execute;
}

function toItems(
	context: IExecuteFunctions,
	outcome: Outcome,
	isOneOfSeveral: boolean,
): INodeExecutionData[] {
	const pairedItem = { item: outcome.itemIndex };
	const { runNumber } = outcome;
	const number = isOneOfSeveral && runNumber !== undefined ? { runNumber } : {};
	const input = inputFieldsOf(context, outcome.itemIndex);
	if (!isFailure(outcome)) {
		return outcome.items.map((item) => ({
			...item,
			json: { ...input, ...item.json, ...number },
			pairedItem,
		}));
	}
	// With this key alone every n8n moves the item to the error output and keeps its input beside it.
	const kept = context.getNode().onError === 'continueErrorOutput' ? {} : input;
	const { error, workflowId } = outcome;
	const { message, description } = error;
	const about = {
		message,
		description: description ?? '',
		...(workflowId && { workflowId }),
		...number,
	};
	return [{ json: { ...kept, error: about }, pairedItem }];
}

/** The fields of an input item that are wanted beside its result. */
function inputFieldsOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const path = 'options.includeInputFields';
	const isWanted = isOnInResult(context, includeInputFieldsOption, itemIndex, path);
	return isWanted ? (context.getInputData()[itemIndex]?.json ?? {}) : {};
}

// n8n shows '[item 3]' for the fourth row of a sheet.
function withRow(error: Failure['error'], { itemIndex }: Failure, items: number): Failure['error'] {
	if (items < 2) return error;
	const row = `This is item ${itemIndex + 1} of ${items}. n8n calls it ${itemIndex}, as it counts from 0.`;
	error.description = `${error.description ?? ''} ${row}`.trim();
	return error;
}

// Of an error of its tool an agent's model gets the message alone.
function forReader(context: IExecuteFunctions, error: Failure['error']): Failure['error'] {
	if (!context.getNode().type.endsWith('Tool') || !error.description) return error;
	const whole = `${error.message.replace(/[.:]$/, '')}${/[?!]$/.test(error.message) ? '' : '.'} ${error.description}`;
	error.message =
		whole.length > LONGEST_FOR_MODEL ? `${whole.slice(0, LONGEST_FOR_MODEL)}…` : whole;
	return error;
}

/**
 * The error that ends the execution, with what is known of all items. Nothing that was started gets
 * lost: it is named here.
 */
function told(context: IExecuteFunctions, failure: Failure, outcomes: Outcome[]): Failure['error'] {
	const items = context.getInputData().length;
	const { error, workflowId, sent } = failure;
	const others = outcomes.filter((outcome) => outcome !== failure);
	const several = itemsOfSeveralRuns(outcomes);
	const placeOf = ({ itemIndex, runNumber }: Outcome) =>
		`item ${itemIndex}${several.has(itemIndex) && runNumber !== undefined ? `, run ${runNumber}` : ''}`;
	const parts = [error.description ?? ''];
	if (several.has(failure.itemIndex)) parts.push(`This was ${placeOf(failure)}.`);
	// n8n shows the first failure alone, so that one speaks for the others.
	if (sent !== undefined) {
		parts.push(
			`Nothing ${sent === 'nothingMore' ? 'more ' : ''}was sent${items > 1 ? ' for any item' : ''}.`,
		);
		const unsent = itemsOf(others.filter(isFailure)).filter((item) => item !== failure.itemIndex);
		if (unsent.length > 0)
			parts.push(`Other items can't be sent either: ${listed(unsent.map(String))}.`);
	}
	if (
		workflowId !== undefined &&
		!`${error.message} ${error.description ?? ''}`.includes(workflowId)
	) {
		parts.push(`The ID of its workflow is ${workflowId}.`);
	}
	const uncertain = itemsOf(others.filter((other) => isFailure(other) && other.mayHaveStarted));
	if (uncertain.length > 0) {
		parts.push(
			`Other workflows may have been started too: those of items ${listed(uncertain.map(String))}.`,
		);
	}
	const started = others.flatMap((other) =>
		other.startedWorkflowId === undefined ? [] : [`${other.startedWorkflowId} (${placeOf(other)})`],
	);
	if (started.length > 0) {
		if (started.length > MOST_IDS) logList(context, 'warn', 'already started', started);
		parts.push(
			`Already started: ${listed(started, MOST_IDS)}. The execution's Retry button goes on with them. Leave these items out if you run the node anew.`,
		);
	}
	// An item's error is its own, and this one is thrown: nobody reads it again.
	error.description = parts.filter(Boolean).join(' ').trim();
	return error;
}

function itemsOfSeveralRuns(outcomes: Outcome[]): Set<number> {
	return new Set(itemsOf(outcomes.filter(({ runNumber = 1 }) => runNumber > 1)));
}

/** The items of outcomes, each once. */
function itemsOf(outcomes: Outcome[]): number[] {
	return [...new Set(outcomes.map(({ itemIndex }) => itemIndex))];
}

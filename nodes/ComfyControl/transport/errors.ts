import { type INode, NodeApiError } from 'n8n-workflow';

import { explainAnswer, looksLikeWebPage, type HttpAnswer } from './explainAnswer';
import { explainFault } from './faults';
import type { Explanation, FailedRequest } from './failedRequest';
import { boundedTexts } from '../basics/nodeErrors';

/**
 * The error for an answer that refuses the request.
 *
 * @see https://docs.comfycontrol.app/api/errors
 */
export function answerError(node: INode, answer: HttpAnswer, request: FailedRequest): NodeApiError {
	return apiError(node, explainAnswer(answer, request), request, String(answer.statusCode));
}

/** Whether reading the same again a little later may succeed: after a lost or broken answer. */
export function mayPass(error: { httpCode?: string | null }): boolean {
	const statusCode = Number(error.httpCode ?? 0);
	return statusCode < 300 || statusCode === 429 || isTrouble(statusCode);
}

/** Whether a status says that the server, or one before it, could not do what it was asked. */
export function isTrouble(statusCode: number): boolean {
	return statusCode >= 500 || statusCode === 408 || statusCode === 499;
}

// Beside the errors, not in their context, which is n8n's.
const uncertainStarts = new WeakMap<object, Date | undefined>();

/** Notes that a failed start may have started the workflow all the same, if known when it was sent. */
export function noteMayHaveStarted(error: object, sentAt?: Date): void {
	uncertainStarts.set(error, sentAt);
}

/** Whether a failed start may have started the workflow all the same, so that it must not be sent again. */
export function mayHaveStarted(error: object): boolean {
	return uncertainStarts.has(error);
}

/** When a start was sent of which it isn't known what it did. */
export function sentAtOf(error: object): Date | undefined {
	return uncertainStarts.get(error);
}

/** The error for a request that ComfyControl accepted with an answer that makes no sense. */
export function unreadableAnswerError(
	node: INode,
	answer: HttpAnswer,
	request: FailedRequest,
): NodeApiError {
	const explanation = {
		message: `ComfyControl's answer can't be read (${kindOfBody(answer.body)})`,
		description:
			'Check that the Base URL in the ComfyControl credential is the address of the API.',
		isUncertain: true,
	};
	return apiError(node, explanation, request, String(answer.statusCode));
}

/** The error for an upload that ended early because its file could not be read. */
export function fileError(
	node: INode,
	{ fileName, fault }: { fileName: string; fault: unknown },
	request: FailedRequest,
): NodeApiError {
	const reason = fault instanceof Error ? ` (${fault.message})` : '';
	const explanation = {
		message: `The file '${fileName}' could not be read completely${reason}`,
		description:
			'ComfyControl did not get it and started nothing. Run the node that reads or makes the file again.',
	};
	return apiError(node, explanation, request);
}

/** The error for a request that got no answer. */
export function networkError(node: INode, fault: unknown, request: FailedRequest): NodeApiError {
	return apiError(node, explainFault(fault, request.isSent), request);
}

// Always a new error from texts alone: NodeApiError gives back an error of its own class as it is,
// whatever else is asked of it, and the one from n8n's request helper holds the request with its token.
function apiError(
	node: INode,
	{ message, description, isUncertain }: Explanation,
	request: FailedRequest,
	httpCode?: string,
): NodeApiError {
	const { itemIndex, startsWorkflow, secrets, isSent = true } = request;
	const mayBeDone = isUncertain && isSent;
	const advice = mayBeDone ? `${uncertainAdvice(request)}${description}` : description;
	const texts = boundedTexts({ message, description: advice }, secrets);
	const error = new NodeApiError(node, { ...texts }, { ...texts, httpCode, itemIndex });
	// n8n swaps a message that contains a code such as ECONNREFUSED for a text of its own.
	error.message = texts.message;
	if (startsWorkflow && mayBeDone) noteMayHaveStarted(error, request.sentAt);
	return error;
}

/** What a read changes is nothing; anything else may have been done before its answer got lost. */
function uncertainAdvice({ method, startsWorkflow, sentAt }: FailedRequest): string {
	if (method === 'GET') return '';
	if (startsWorkflow) return mayRunAdvice(sentAt);
	return 'It may have been done all the same: look in ComfyControl before you run this item again. ';
}

function mayRunAdvice(sentAt: Date): string {
	return `The workflow may have been started all the same, so it was not sent again. Look in your workflow list in ComfyControl for one started at ${sentAt.toISOString()} (UTC) or just after, before you run this item again. `;
}

function kindOfBody(body: unknown): string {
	if (body === undefined || body === null || body === '') return 'it is empty';
	if (typeof body !== 'string') return 'it is not what was asked for';
	return looksLikeWebPage(body) ? 'it is a web page' : 'it is not JSON';
}

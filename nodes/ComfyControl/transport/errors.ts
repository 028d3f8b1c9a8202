import type { IDataObject, INode } from 'n8n-workflow';
import { ExpressionError, NodeApiError } from 'n8n-workflow';

/** What an error says of the request that it came from. */
export interface FailedRequest {
	method: string;
	startsWorkflow?: boolean;
	subject?: Subject;
	itemIndex?: number;
	sentAt: Date;
	/** Never shown, even if ComfyControl repeats them. */
	secrets: string[];
}

/** What a request is about, as people call it. */
export interface Subject {
	noun: string;
	id: string;
}

interface Explanation {
	message: string;
	description: string;
	/** Whether the request may have been processed although it failed. */
	isUncertain?: boolean;
}

/** Faults after which the request can't have reached ComfyControl. */
const NEVER_CONNECTED =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_INVALID_URL|EPROTO)$|CERT|SELF_SIGNED|UNABLE_TO|SSRF/;
const TIMED_OUT = /^(ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT)$/;
const MAX_SENTENCE_LENGTH = 500;

/**
 * The error for an answer that refuses the request.
 *
 * @see https://docs.comfycontrol.app/api/errors
 */
export function answerError(
	node: INode,
	answer: { statusCode: number; body: unknown },
	request: FailedRequest,
): NodeApiError {
	const explanation = isWebPage(answer)
		? explainWebPage(answer.statusCode)
		: explainStatus(answer.statusCode, sentenceOf(answer.body, request.secrets), request);
	return apiError(node, explanation, request, String(answer.statusCode));
}

/** Whether reading the same again a little later may succeed: after a lost or broken answer. */
export function mayPass(error: { httpCode?: string | null }): boolean {
	const statusCode = Number(error.httpCode ?? 0);
	return statusCode < 300 || statusCode === 429 || statusCode >= 500;
}

/** Whether a failed start may have started the workflow all the same, so that it must not be sent again. */
export function mayHaveStarted(error: { context: IDataObject }): boolean {
	return error.context.mayHaveStarted === true;
}

/** The error for a request that ComfyControl accepted with an answer that makes no sense. */
export function unreadableAnswerError(
	node: INode,
	answer: { statusCode: number; body: unknown },
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
		message: `The file '${fileName}' could not be read to its end${reason}`,
		description:
			'ComfyControl did not get it and started nothing. Run the node that reads or makes the file again.',
	};
	return apiError(node, explanation, request);
}

/** The error for a request that got no answer. */
export function networkError(node: INode, fault: unknown, request: FailedRequest): NodeApiError {
	return apiError(node, explainFault(fault), request);
}

// Always a new error from texts alone: NodeApiError gives back an error of its own class as it is,
// whatever else is asked of it, and the one from n8n's request helper holds the request with its token.
function apiError(
	node: INode,
	{ message, description, isUncertain }: Explanation,
	request: FailedRequest,
	httpCode?: string,
): NodeApiError {
	const { itemIndex, startsWorkflow, secrets } = request;
	const advice = isUncertain ? `${uncertainAdvice(request)}${description}` : description;
	const texts = {
		message: withoutSecrets(message, secrets),
		description: withoutSecrets(advice, secrets),
	};
	const error = new NodeApiError(node, texts, { ...texts, httpCode, itemIndex });
	// n8n swaps a message that contains a code such as ECONNREFUSED for a text of its own.
	error.message = texts.message;
	if (startsWorkflow && isUncertain) error.context.mayHaveStarted = true;
	return error;
}

function explainStatus(
	statusCode: number,
	sentence: string | undefined,
	request: FailedRequest,
): Explanation {
	if (statusCode >= 500) {
		return {
			message: sentence ?? `ComfyControl could not process the request (HTTP ${statusCode})`,
			description: 'ComfyControl has trouble at the moment. Try again later.',
			isUncertain: true,
		};
	}
	switch (statusCode) {
		case 400:
			return {
				message: sentence ?? 'ComfyControl refused the request (HTTP 400)',
				description: adviceForBadRequest(sentence ?? '', request),
			};
		case 401:
			return {
				message: `ComfyControl refused the API token${sentence ? `: ${sentence}` : ''}`,
				description:
					'Check that the node uses the right ComfyControl credential and that its token is complete. A token that has expired or was revoked needs a new one: comfycontrol.app, Account Settings > API Tokens.',
			};
		case 403:
			return {
				message: sentence ?? 'ComfyControl did not allow this (HTTP 403)',
				description:
					'A limit of your ComfyControl plan is reached, or what you asked for belongs to another account. Check your plan and usage on comfycontrol.app, and that the token in the credential is from the right account.',
			};
		case 404:
			return {
				message: `ComfyControl has no ${request.subject?.noun ?? 'entry'} ${request.subject?.id ?? 'of that ID'}`,
				description: `It may have been deleted, or belong to another account. Check the ID, and that the token in the credential is from the account that owns the ${request.subject?.noun ?? 'entry'}.`,
			};
		case 413:
			return {
				message: 'The request is larger than ComfyControl accepts',
				description: 'One request may carry 50 MB in all. Use smaller or fewer files.',
			};
		case 429:
			return {
				message: 'ComfyControl received too many requests from your address',
				description:
					'It accepts 40 requests in 10 seconds from one IP address, then none for 10 seconds. The node waited and tried again and again, but something else at your address sends requests too. This request was not processed: run the item again later.',
			};
		default:
			return statusCode < 400
				? {
						message: `The API address answered with a redirect (HTTP ${statusCode})`,
						description:
							'Requests with a token are not sent on to another address. Set the Base URL in the ComfyControl credential to the final address of the API.',
					}
				: {
						message: sentence ?? `ComfyControl refused the request (HTTP ${statusCode})`,
						description:
							'Check the parameters, and that the Base URL in the ComfyControl credential is the address of the API.',
					};
	}
}

// A page instead of the API's JSON: not ComfyControl itself, but something in front of it or beside it.
function isWebPage({ statusCode, body }: { statusCode: number; body: unknown }): boolean {
	return (statusCode === 403 || statusCode === 404) && /^\s*</.test(String(body));
}

function explainWebPage(statusCode: number): Explanation {
	return {
		message: `The API address answered with a web page (HTTP ${statusCode})`,
		description:
			'Check that the Base URL in the ComfyControl credential is the address of the API, and that nothing on the way, such as a firewall, blocks your n8n.',
	};
}

function adviceForBadRequest(sentence: string, { startsWorkflow, subject }: FailedRequest): string {
	if (startsWorkflow && /\brunner\b/i.test(sentence)) {
		return "A workflow runs only on an active runner that has all of the workflow's tags. Start or add such a runner in ComfyControl, then run this node again.";
	}
	if (/\b50 ?MB\b|file size|too large/i.test(sentence)) {
		return 'One request may carry 50 MB in all. Use smaller or fewer files.';
	}
	if (/\buuid\b/i.test(sentence)) {
		return `Copy the ID of the ${subject?.noun ?? 'entry'} from ComfyControl.`;
	}
	if (!startsWorkflow) return 'Check what you entered against the sentence above.';
	return "Compare the names, kinds and values of the parameters with the placeholders in the workflow: $text(…) takes a text, $file(…) a file, $choice(…) one of its choices. If the workflow doesn't keep its earlier values, enter all of them.";
}

function explainFault(fault: unknown): Explanation {
	const causes = causesOf(fault);
	const unfilled = causes.find((cause) => cause instanceof ExpressionError);
	if (unfilled) {
		return {
			message: `n8n could not fill in the ComfyControl credential: ${unfilled.message}`,
			description:
				'Nothing was sent. Check the expressions in the credential. If the settings of the n8n workflow have the combined binary mode, set it to separate: some versions of n8n can fill in no credential in that mode.',
		};
	}
	const code = causes.map(codeOf).find((each) => each !== undefined);
	const shownCode = code === undefined ? '' : ` (${code})`;
	if (code !== undefined && NEVER_CONNECTED.test(code)) {
		return {
			message: `ComfyControl can't be reached${shownCode}`,
			description:
				'Nothing was sent. Check the network of your n8n, and the Base URL in the ComfyControl credential.',
		};
	}
	return {
		message:
			code !== undefined && TIMED_OUT.test(code)
				? `ComfyControl did not answer in time${shownCode}`
				: `The connection to ComfyControl broke off before its answer arrived${shownCode}`,
		description: 'Check the network of your n8n and try again.',
		isUncertain: true,
	};
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

/** The API's own sentence: `{ "status": 404, "message": "requested entity not found" }`. */
function sentenceOf(body: unknown, secrets: string[]): string | undefined {
	const parsed = typeof body === 'string' ? parsedJson(body) : body;
	if (typeof parsed !== 'object' || parsed === null || !('message' in parsed)) return undefined;
	const { message } = parsed;
	if (typeof message !== 'string' || message.trim() === '') return undefined;
	// Before it is cut or changed, as part of a secret would not be recognised.
	const sentence = withoutSecrets(message.trim(), secrets).slice(0, MAX_SENTENCE_LENGTH);
	return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function kindOfBody(body: unknown): string {
	if (body === undefined || body === null || body === '') return 'it is empty';
	if (typeof body !== 'string') return 'it is not what was asked for';
	return /^\s*</.test(body) ? 'it is a web page' : 'it is not JSON';
}

/** A fault and what it wraps: n8n's request helper puts the system's own faults into errors of its own. */
function causesOf(fault: unknown): object[] {
	const causes = new Set<object>();
	let current = fault;
	while (typeof current === 'object' && current !== null && !causes.has(current)) {
		causes.add(current);
		current = 'cause' in current ? current.cause : undefined;
	}
	return [...causes];
}

/** The system's code, such as ECONNRESET. */
function codeOf(fault: object): string | undefined {
	return 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined;
}

function withoutSecrets(text: string, secrets: string[]): string {
	let masked = text;
	// The longest first: one may be part of another.
	for (const secret of secrets.filter(Boolean).sort((a, b) => b.length - a.length)) {
		masked = masked.replaceAll(secret, '***');
	}
	return masked.replace(/\bcfc_\w+/g, 'cfc_***').replace(/\bBearer\s+\S+/gi, 'Bearer ***');
}

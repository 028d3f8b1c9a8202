import { PROXY } from './faults';
import type { Explanation, FailedRequest } from './failedRequest';
import { foreignText } from '../basics/foreignText';
import { isRecord } from '../basics/guards';

/** An answer of the API, or of whatever is at its address. */
export interface HttpAnswer {
	statusCode: number;
	body: unknown;
}

/** What ComfyControl said itself, if anything. */
type Sentence = string | undefined;

const TOO_LARGE = 'One request may carry 50 MB in all. Use smaller or fewer files.';

const PROXY_LIMIT: Explanation = {
	message: 'A proxy on the way to ComfyControl accepts no request as large as this one (HTTP 413)',
	description:
		'ComfyControl did not get it. Whoever runs the proxy can raise its limit to the 50 MB that ComfyControl accepts (in nginx client_max_body_size). Or use smaller or fewer files.',
};

/** Explains an answer that refuses a request. */
export function explainAnswer(answer: HttpAnswer, request: FailedRequest): Explanation {
	const { statusCode, body } = answer;
	if (isWebPage(answer)) return explainWebPage(statusCode);
	if (statusCode === 413 && !isJsonObject(body)) return PROXY_LIMIT;
	const sentence = sentenceOf(body, request.secrets);
	if (statusCode >= 500) return explainTrouble(statusCode, sentence);
	if (statusCode < 400) return explainRedirect(statusCode);
	const explain = EXPLANATIONS[statusCode] ?? explainRefusal;
	return explain(sentence, request, statusCode);
}

/** @see https://docs.comfycontrol.app/api/errors */
const EXPLANATIONS: Partial<Record<number, typeof explainRefusal>> = {
	400: (sentence, request) => ({
		message: sentence ?? 'ComfyControl refused the request (HTTP 400)',
		description: adviceForBadRequest(sentence ?? '', request),
	}),
	401: (sentence) => ({
		message: `ComfyControl refused the API token${sentence ? `: ${sentence}` : ''}`,
		description:
			'Check that the node uses the right ComfyControl credential and that its token is complete. A token that has expired or was revoked needs a new one: comfycontrol.app, Account Settings > API Tokens.',
	}),
	403: (sentence) => ({
		message: sentence ?? 'ComfyControl did not allow this (HTTP 403)',
		description:
			'A limit of your ComfyControl plan is reached, or what you asked for belongs to another account. Check your plan and usage on comfycontrol.app, and that the token in the credential is from the right account.',
	}),
	404: (sentence, { subject }) =>
		subject
			? {
					message: `ComfyControl has no ${subject.noun} ${foreignText(subject.id, { max: 100 })}`,
					description: `It may have been deleted, or belong to another account. Check the ID, and that the token in the credential is from the account that owns the ${subject.noun}.`,
				}
			: {
					message: sentence ?? 'ComfyControl has nothing at this address (HTTP 404)',
					description:
						'Check what you entered, and that the Base URL in the ComfyControl credential is the address of the API.',
				},
	407: () => ({
		message: `${PROXY.by} refused the request (HTTP 407)`,
		description: `Nothing was sent to ComfyControl. ${PROXY.advice}`,
	}),
	408: explainGivenUp,
	413: () => ({
		message: 'The request is larger than ComfyControl accepts',
		description: TOO_LARGE,
	}),
	429: () => ({
		message: 'ComfyControl received too many requests from your address',
		description:
			'It accepts 40 requests in 10 seconds from one IP address, then none for 10 seconds. The node waited and tried again and again, but something else at your address sends requests too. This request was not processed: run the item again later.',
	}),
	// What proxies note when the one who asked is gone.
	499: explainGivenUp,
};

function explainGivenUp(
	sentence: Sentence,
	_request: FailedRequest,
	statusCode: number,
): Explanation {
	return {
		message: sentence ?? `The request was given up on its way to ComfyControl (HTTP ${statusCode})`,
		description: 'Check the network of your n8n and try again.',
		isUncertain: true,
	};
}

function explainRefusal(
	sentence: Sentence,
	_request: FailedRequest,
	statusCode: number,
): Explanation {
	return {
		message: sentence ?? `ComfyControl refused the request (HTTP ${statusCode})`,
		description:
			'Check the parameters, and that the Base URL in the ComfyControl credential is the address of the API.',
	};
}

function explainTrouble(statusCode: number, sentence: Sentence): Explanation {
	return {
		message: sentence ?? `ComfyControl could not process the request (HTTP ${statusCode})`,
		description: 'ComfyControl has trouble at the moment. Try again later.',
		isUncertain: true,
	};
}

function explainRedirect(statusCode: number): Explanation {
	return {
		message: `The API address answered with a redirect (HTTP ${statusCode})`,
		description:
			'Requests with a token are not sent on to another address. Set the Base URL in the ComfyControl credential to the final address of the API.',
		isUncertain: true,
	};
}

// A page instead of the API's JSON: not ComfyControl itself, but something in front of it or beside it.
function isWebPage({ statusCode, body }: HttpAnswer): boolean {
	return (statusCode === 403 || statusCode === 404) && looksLikeWebPage(body);
}

/** Whether an answer's body is a page for people. */
export function looksLikeWebPage(body: unknown): boolean {
	return /^\s*</.test(String(body));
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
	if (/\b50 ?MB\b|file size|too large/i.test(sentence)) return TOO_LARGE;
	if (/\buuid\b/i.test(sentence)) {
		return `Copy the ID of the ${subject?.noun ?? 'entry'} from ComfyControl.`;
	}
	if (!startsWorkflow) return 'Check what you entered against the sentence above.';
	return "Compare the names, kinds and values of the parameters with the placeholders in the workflow: $text(…) takes a text, $file(…) a file, $choice(…) one of its choices. If the workflow doesn't keep its earlier values, enter all of them.";
}

/** The API's own sentence: `{ "status": 404, "message": "requested entity not found" }`. */
function sentenceOf(body: unknown, secrets: string[]): Sentence {
	const parsed = typeof body === 'string' ? parsedJson(body) : body;
	if (typeof parsed !== 'object' || parsed === null || !('message' in parsed)) return undefined;
	const { message } = parsed;
	if (typeof message !== 'string' || message.trim() === '') return undefined;
	const shown = foreignText(message.trim(), { secrets });
	return shown.charAt(0).toUpperCase() + shown.slice(1);
}

// ComfyControl's own refusals are; a proxy's are pages, plain texts or nothing.
function isJsonObject(body: unknown): boolean {
	return isRecord(typeof body === 'string' ? parsedJson(body) : body);
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

import { createHash } from 'crypto';

import type { IDataObject, IHttpRequestMethods, NodeApiError } from 'n8n-workflow';

import { apiBaseUrl, apiTokenIn } from './credential';
import { isTooLarge, parsedJson, readText } from './answerBody';
import { blockOf } from './faults';
import { isInEditor, stopSignal, type ApiContext } from './context';
import {
	eitherSignal,
	endedInTime,
	IDLE_TIMEOUT_MS,
	readDeadlineMs,
	stoppedError,
	stoppedLateOnceSent,
	transferDeadlineMs,
	withSignal,
} from './ending';
import { rateLimiterFor, type Rank, type RateLimiter } from './rateLimiter';
import {
	answerError,
	fileError,
	isTrouble,
	mayHaveStarted,
	networkError,
	noteMayHaveStarted,
	sentAtOf,
	unreadableAnswerError,
} from './errors';
import { looksLikeWebPage, type HttpAnswer } from './explainAnswer';
import type { FailedRequest, Subject } from './failedRequest';
import { MultipartBody } from './multipart';
import { operationError } from '../basics/nodeErrors';
import { cooldownMs, EDITOR_PATIENCE, MAX_TRIED_MS, PATIENCE, readPauseMs } from './retries';
import { keepSecret } from '../basics/foreignText';
import { nowMs, pause } from '../basics/time';

const CREDENTIAL = 'comfyControlApi';

// The API is behind Cloudflare, which turns away some of the default names of HTTP libraries.
export const USER_AGENT = 'n8n-nodes-comfycontrol';

export interface ApiRequest<Answer> {
	method: IHttpRequestMethods;
	/** From `/v1/` on. */
	path: string;
	query?: IDataObject;
	body?: MultipartBody | IDataObject;
	/** What must not be shown even if ComfyControl repeats it, beside the token. */
	secrets?: string[];
	/** Whether the request starts a workflow: an answer that gets lost then says that it may run. */
	startsWorkflow?: boolean;
	/** What the request is about, if it is about one thing. */
	subject?: Subject;
	/** The item that it is for, if it is for one. */
	itemIndex?: number;
	/** What it is in the queue for the API's limit, if it is a look. */
	rank?: Extract<Rank, 'look'>;
	/** Whether the answer's JSON is wanted as the text that it is, unparsed, as parsing loses digits. */
	answerAsText?: boolean;
	/** Whether the body is an answer that makes sense. */
	isExpected(body: unknown): body is Answer;
	/** When reading is to be given up rather than tried again, in milliseconds since 1970. */
	untilMs?: number;
	/** Told when each answer was given, by its `Date` header, in milliseconds since 1970. */
	onServerTime?(serverMs: number): void;
	/**
	 * What a stop of the execution does to it, other than ending it at once: nothing at all, or nothing
	 * for a while once it is wholly sent, so that it is known what it did.
	 */
	ifStopped?: 'goOn' | 'awaitAnswer';
	/** Aborts when it is not to be sent any more. What is under way goes on. */
	unsentIf?: AbortSignal;
}

/** The limiters that executions, polls and the editor's questions send by. */
const limiterOf = new WeakMap<ApiContext, RateLimiter>();

/** Whether others at the same address seem to use the API's limit too, going by recent refusals. */
export function isLimitShared(context: ApiContext): boolean {
	return limiterOf.get(context)?.isShared ?? false;
}

/** Whether the API has refused a request of this process since then, in milliseconds since 1970. */
export function wasRefusedSince(context: ApiContext, sinceMs: number): boolean {
	return limiterOf.get(context)?.hasRefusedSince(sinceMs) ?? false;
}

/**
 * Sends one request to ComfyControl, with the token and within the API's limit, and gives back the
 * body of its answer. What the API is known not to have processed is sent again (429), and reads are
 * in any case; nothing that may have been processed ever is.
 *
 * Redirects are not followed: the API has none, and a followed upload would be kept in memory.
 *
 * @throws NodeOperationError when the credential's base URL can't be used
 * @throws NodeApiError when ComfyControl refuses the request, can't be reached or can't be understood
 * @throws ManualExecutionCancelledError when the execution is stopped
 * @throws the reason of `unsentIf` when that aborted before it was sent
 * @see https://docs.comfycontrol.app/api
 */
export async function apiRequest<Answer>(
	context: ApiContext,
	request: ApiRequest<Answer>,
): Promise<Answer> {
	const { baseUrl, apiToken } = await credential(context, request.itemIndex);
	const limiter = rateLimiterFor(baseUrl);
	limiterOf.set(context, limiter);
	const signal = request.ifStopped === 'goOn' ? undefined : stopSignal(context);
	const waitSignal = eitherSignal(signal, request.unsentIf);
	const patience = isInEditor(context) ? EDITOR_PATIENCE : PATIENCE;
	let refusals = 0;
	let failedAttempts = 0;
	let triedMs = 0;
	const attemptOnce = async () => {
		const begunMs = nowMs();
		const attempt = await attemptSending(context, { baseUrl, apiToken }, limiter, request, signal);
		triedMs += nowMs() - begunMs;
		return attempt;
	};
	for (;;) {
		const attempt = await limiter.send(
			attemptOnce,
			waitSignal,
			refusals > 0 ? 'refusedBefore' : (request.rank ?? 'usual'),
		);
		// An answer that came is handed on even if the execution was stopped meanwhile.
		if (attempt && 'body' in attempt) return attempt.body;
		if (attempt === undefined)
			throw signal?.aborted ? stoppedError(context) : request.unsentIf?.reason;
		if (signal?.aborted) throw stoppedWhile(context, attempt.error);

		if (attempt.isRefused) refusals++;
		else failedAttempts++;
		const { untilMs = Infinity } = request;
		if (attempt.isRefused && refusals <= patience.refusals && nowMs() < untilMs) continue;

		const isGivenUp = failedAttempts > patience.repeats || triedMs >= MAX_TRIED_MS;
		const isRepeated = request.method === 'GET' && attempt.mayPass && !isGivenUp;
		const pauseMs = isRepeated ? readPauseMs(failedAttempts) : undefined;
		if (pauseMs === undefined || nowMs() + pauseMs > untilMs) throw attempt.error;
		await pause(pauseMs, signal);
	}
}

/** A stop may leave it open what a start did that was under way. */
function stoppedWhile(context: ApiContext, error: NodeApiError): Error {
	const stopped = stoppedError(context);
	if (mayHaveStarted(error)) noteMayHaveStarted(stopped, sentAtOf(error));
	return stopped;
}

type Attempt<Answer> = { body: Answer } | FailedAttempt;

interface FailedAttempt {
	error: NodeApiError;
	/** Whether the API refused it for now, without processing it. */
	isRefused: boolean;
	/** Whether the same request may succeed a little later. */
	mayPass: boolean;
}

async function attemptSending<Answer>(
	context: ApiContext,
	{ baseUrl, apiToken }: Credential,
	limiter: RateLimiter,
	request: ApiRequest<Answer>,
	signal: AbortSignal | undefined,
): Promise<Attempt<Answer>> {
	const node = context.getNode();
	const form = request.body instanceof MultipartBody ? request.body : undefined;
	const sent: FailedRequest = {
		...request,
		secrets: [apiToken, ...(request.secrets ?? [])],
		sentAt: new Date(nowMs()),
		get isSent() {
			return form?.isRead ?? true;
		},
	};
	let answer;
	try {
		answer = await send(context, baseUrl, request, signal);
	} catch (fault) {
		const fileFault = form?.fileFault;
		const error = fileFault ? fileError(node, fileFault, sent) : networkError(node, fault, sent);
		return { error, isRefused: false, mayPass: !isTooLarge(fault) && blockOf(fault) === undefined };
	} finally {
		form?.close();
	}

	const { statusCode, headers, text } = answer;
	const body = request.answerAsText === true ? text : answer.body;
	const serverMs = Date.parse(String(headers?.date));
	if (!Number.isNaN(serverMs)) request.onServerTime?.(serverMs);
	if (statusCode === 429) {
		// At once, so that nothing that waits behind this request slips through.
		limiter.refused(cooldownMs(headers?.['retry-after'], nowMs()));
		return { error: answerError(node, answer, sent), isRefused: true, mayPass: false };
	}
	limiter.answered();
	if (statusCode < 200 || statusCode > 299) {
		const error = answerError(node, answer, sent);
		return { error, isRefused: false, mayPass: isTrouble(statusCode) };
	}
	if (!request.isExpected(body)) {
		const error = unreadableAnswerError(node, answer, sent);
		// What is JSON was answered like this on purpose, and a page is of another server.
		const isBroken = answer.body === text && !looksLikeWebPage(text);
		return { error, isRefused: false, mayPass: isBroken };
	}
	return { body };
}

async function send(
	context: ApiContext,
	baseUrl: string,
	{ method, path, query, body, ifStopped, untilMs = Infinity }: ApiRequest<unknown>,
	signal: AbortSignal | undefined,
): Promise<HttpAnswer & { headers?: Record<string, unknown>; text: string }> {
	const sendWith = async (abortSignal: AbortSignal) => {
		const answer = await context.helpers.httpRequestWithAuthentication.call(
			withSignal(context, abortSignal),
			CREDENTIAL,
			{
				method,
				url: baseUrl + path,
				qs: query,
				headers: { Accept: 'application/json', 'User-Agent': USER_AGENT },
				body: body instanceof MultipartBody ? body.form : body,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				timeout: idleTimeoutMs(context, method),
				// Read here, as n8n has no limit to what it reads.
				encoding: 'stream',
				abortSignal,
			},
		);
		// That it is refused says the status: the upload may break off as nobody reads it any more.
		const isRefusal = answer.statusCode < 200 || answer.statusCode > 299;
		const text = await readText(answer.body, isRefusal);
		return { ...answer, text, body: parsedJson(text) };
	};
	const form = body instanceof MultipartBody ? body : undefined;
	const deadlineMs =
		method === 'GET' ? readDeadlineMs(untilMs - nowMs()) : transferDeadlineMs(form?.sizeBytes ?? 0);
	const sendInTime = async (stop: AbortSignal | undefined) =>
		await endedInTime(stop, deadlineMs, sendWith);
	if (ifStopped !== 'awaitAnswer') return await sendInTime(signal);
	return await stoppedLateOnceSent(signal, () => form?.isRead ?? true, sendInTime);
}

function idleTimeoutMs(context: ApiContext, method: IHttpRequestMethods): number {
	if (method !== 'GET') return IDLE_TIMEOUT_MS.upload;
	return isInEditor(context) ? IDLE_TIMEOUT_MS.editor : IDLE_TIMEOUT_MS.read;
}

interface Credential {
	baseUrl: string;
	apiToken: string;
}

/**
 * What tells one account at one host from others, without telling its token.
 *
 * @throws NodeOperationError when the credential's base URL can't be used
 */
export async function accountOf(
	context: ApiContext,
	itemIndex: number | undefined,
): Promise<string> {
	const { baseUrl, apiToken } = await credential(context, itemIndex);
	return createHash('sha256').update(`${baseUrl} ${apiToken}`).digest('hex');
}

async function credential(context: ApiContext, itemIndex: number | undefined): Promise<Credential> {
	const { baseUrl, apiToken } = await context.getCredentials(CREDENTIAL);
	const address = apiBaseUrl(baseUrl);
	if (address === undefined) {
		throw operationError(
			context.getNode(),
			{
				message: "The Base URL in the ComfyControl credential isn't a web address",
				description:
					'Open the credential and set Base URL to https://api.comfycontrol.app, or to the http or https address where your API runs.',
			},
			itemIndex,
		);
	}
	const token = apiTokenIn(apiToken);
	keepSecret(token);
	return { baseUrl: address, apiToken: token };
}

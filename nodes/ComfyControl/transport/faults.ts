import { ExpressionError } from 'n8n-workflow';

import { isTooLarge, MAX_ANSWER_BYTES } from './answerBody';
import type { Explanation } from './failedRequest';

/** Faults after which the request can't have reached ComfyControl. */
const NEVER_CONNECTED =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_INVALID_URL|EPROTO)$|CERT|SELF_SIGNED|UNABLE_TO/;
const TIMED_OUT = /^(ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT)$/;

/** Explains a request that got no answer, whether all of it had been sent or not. */
export function explainFault(fault: unknown, isSent = true): Explanation {
	const causes = causesOf(fault);
	const unfilled = causes.find((cause) => cause instanceof ExpressionError);
	if (unfilled) {
		return {
			message: `n8n could not fill in the ComfyControl credential: ${unfilled.message}`,
			description: 'Nothing was sent. Check the expressions in the credential.',
		};
	}
	const block = blockOf(fault);
	if (block) {
		return {
			message: `${block.by} blocks the request to ComfyControl`,
			description: `Nothing was sent. ${block.advice}`,
		};
	}
	if (causes.some(isTooLarge)) {
		return {
			message: `ComfyControl's answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MB and was not read to its end`,
			description:
				'Check that the Base URL in the ComfyControl credential is the address of the API.',
			isUncertain: true,
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
	const isLate = code !== undefined && TIMED_OUT.test(code);
	if (!isSent) {
		return {
			message: `The upload to ComfyControl ${isLate ? 'took too long' : 'broke off'}${shownCode}`,
			description:
				'ComfyControl did not get all of it, so it did nothing. Check the network of your n8n and try again.',
		};
	}
	return {
		message: isLate
			? `ComfyControl did not answer in time${shownCode}`
			: `The connection to ComfyControl broke off before its answer arrived${shownCode}`,
		description: 'Check the network of your n8n and try again.',
		isUncertain: true,
	};
}

/** Something between the node and the host that a request is for, which kept it from going out. */
export interface Block {
	/** Who blocked it. */
	by: string;
	/** What to set. */
	advice: string;
}

/** A proxy that answers in the host's place. */
export const PROXY: Block = {
	by: 'The proxy of your n8n',
	advice:
		'Whoever runs your n8n can set the proxy with its user name and password in HTTPS_PROXY and HTTP_PROXY (http://user:password@host:port), or go past it with NO_PROXY.',
};

const SSRF_PROTECTION: Block = {
	by: "n8n's SSRF protection",
	advice:
		'Whoever runs your n8n can allow the address, or the one that it redirects to: its host name in N8N_SSRF_ALLOWED_HOSTNAMES, or its IP address in N8N_SSRF_ALLOWED_IP_RANGES.',
};

// n8n says it in the name and in the sentence of its errors, not in a code.
const SSRF =
	/^Ssrf|^The request was blocked because (it resolves to a restricted IP|the destination hostname is restricted)/;
const PROXY_FAULT = /\bproxy CONNECT response|^Proxy connection ended/;

/** What kept a request from going out, if a fault says that something did. */
export function blockOf(fault: unknown): Block | undefined {
	const texts = causesOf(fault).flatMap((cause) =>
		cause instanceof Error ? [cause.name, cause.message] : [],
	);
	if (texts.some((text) => SSRF.test(text))) return SSRF_PROTECTION;
	return texts.some((text) => PROXY_FAULT.test(text)) ? PROXY : undefined;
}

/** A fault in a word or a few: its code, or else what it says. */
export function shortFault(fault: unknown): string {
	if (!(fault instanceof Error)) return String(fault);
	const { cause } = fault;
	const codes = [fault, cause].flatMap((each) =>
		each instanceof Error && 'code' in each && typeof each.code === 'string' ? each.code : [],
	);
	return codes.at(0) ?? fault.message;
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

import { ExpressionError } from 'n8n-workflow';

import { isTooLarge, MAX_ANSWER_BYTES } from './answerBody';
import type { Explanation } from './failedRequest';

/** Faults after which the request can't have reached ComfyControl. */
const NEVER_CONNECTED =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_INVALID_URL|EPROTO)$|CERT|SELF_SIGNED|UNABLE_TO|SSRF/;
const TIMED_OUT = /^(ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT)$/;

/** Explains a request that got no answer. */
export function explainFault(fault: unknown): Explanation {
	const causes = causesOf(fault);
	const unfilled = causes.find((cause) => cause instanceof ExpressionError);
	if (unfilled) {
		return {
			message: `n8n could not fill in the ComfyControl credential: ${unfilled.message}`,
			description: 'Nothing was sent. Check the expressions in the credential.',
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
	return {
		message:
			code !== undefined && TIMED_OUT.test(code)
				? `ComfyControl did not answer in time${shownCode}`
				: `The connection to ComfyControl broke off before its answer arrived${shownCode}`,
		description: 'Check the network of your n8n and try again.',
		isUncertain: true,
	};
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

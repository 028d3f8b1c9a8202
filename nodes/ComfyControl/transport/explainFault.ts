import { ExpressionError } from 'n8n-workflow';

import { isTooLarge, MAX_ANSWER_BYTES } from './answerBody';
import { blockOf } from './blocks';
import { causesOf, codeOf } from './causes';
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

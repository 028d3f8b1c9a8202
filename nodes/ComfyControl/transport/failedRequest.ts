import type { Problem } from '../basics/problem';

/** What an error says of the request that it came from. */
export interface FailedRequest {
	method: string;
	startsWorkflow?: boolean;
	subject?: Subject;
	itemIndex?: number;
	sentAt: Date;
	/** Whether all of it was sent, as far as is known. What was not can't have been processed. */
	isSent?: boolean;
	/** Never shown, even if ComfyControl repeats them. */
	secrets: string[];
}

/** What a request is about, as people call it. */
export interface Subject {
	noun: string;
	id: string;
}

/** What the user is told of a failed request. */
export interface Explanation extends Problem {
	/** Whether the request may have been processed although it failed. */
	isUncertain?: boolean;
}

import type { ApiContext } from '../transport/context';
import { apiRequest, type ApiRequest } from '../transport/request';

/** What a request needs beside what it asks for. */
export type More = Pick<
	ApiRequest<unknown>,
	'itemIndex' | 'untilMs' | 'ifStopped' | 'unsentIf' | 'rank' | 'onServerTime'
>;

/** What the API documents of an endpoint. */
export interface EndpointFacts {
	method: 'GET' | 'POST' | 'PUT';
	/** From `/v1/` on, with `{id}` for what it is about. */
	path: string;
	/** Its page in the documentation. */
	page: string;
	/** What people call what it is about. */
	noun: string;
}

/** An endpoint, to be called like a function. @throws as `apiRequest` does */
export interface Endpoint<Input, Answer> extends EndpointFacts {
	(context: ApiContext, input: Input, more?: More): Promise<Answer>;
}

interface Definition<Input, Answer> extends EndpointFacts {
	/** Whether it starts a workflow: a lost answer then says that it may run, and the start journal keeps it. */
	startsWorkflow?: boolean;
	/** Whether the answer is wanted as the text that it is. */
	answerAsText?: boolean;
	/** What is sent. */
	content?(input: Input): Pick<ApiRequest<unknown>, 'query' | 'body' | 'secrets'>;
	/** Whether the body is an answer that makes sense. */
	isExpected(body: unknown): body is Answer;
}

const DOCS = 'https://docs.comfycontrol.app/api/endpoints/';

/** An endpoint of the API, from what its page says. */
export function endpoint<Input extends object, Answer>({
	content,
	startsWorkflow,
	answerAsText,
	isExpected,
	...facts
}: Definition<Input, Answer>): Endpoint<Input, Answer> {
	const { method, path, noun } = facts;
	const call = async (context: ApiContext, input: Input, more: More = {}) => {
		const id = 'id' in input ? String(input.id) : undefined;
		return await apiRequest(context, {
			...more,
			...content?.(input),
			method,
			// Whatever the id is made of.
			path: path.replace('{id}', encodeURIComponent(id ?? '')),
			subject: id === undefined ? undefined : { noun, id },
			startsWorkflow,
			answerAsText,
			isExpected,
		});
	};
	return Object.assign(call, { ...facts, page: DOCS + facts.page });
}

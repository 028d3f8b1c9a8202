import fastify from 'fastify';
import { at } from '../support/guards';

/** What a model answers: a call of its one tool, or words. */
export type Reply = { toolArguments: Record<string, unknown> } | { text: string };

/** A stand-in for an OpenAI-compatible chat model. */
export interface ChatModel {
	baseUrl: string;
	/** The bodies of the requests, in order. */
	requests: unknown[];
	stop(): Promise<void>;
}

/** Starts a model that gives one reply after the other, whatever it is asked. */
export async function startChatModel(replies: Reply[]): Promise<ChatModel> {
	const server = fastify();
	const requests: unknown[] = [];
	server.post('/v1/chat/completions', async ({ body }) => {
		const reply = replies[requests.length];
		requests.push(body);
		const tool = String(at(body, 'tools', 0, 'function', 'name'));
		return completion(reply, tool, `call_${requests.length}`);
	});
	const address = await server.listen({ host: '127.0.0.1', port: 0 });
	return { baseUrl: `${address}/v1`, requests, stop: async () => await server.close() };
}

function completion(reply: Reply, tool: string, callId: string) {
	const message =
		'text' in reply
			? { role: 'assistant', content: reply.text }
			: {
					role: 'assistant',
					content: null,
					tool_calls: [
						{
							id: callId,
							type: 'function',
							function: { name: tool, arguments: JSON.stringify(reply.toolArguments) },
						},
					],
				};
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: 'stand-in',
		choices: [{ index: 0, message, finish_reason: 'text' in reply ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

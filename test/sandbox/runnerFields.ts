import { ApiError, invalidFormat } from './apiError';
import { isRecord } from './json';
import { shortText } from './limits';
import type { ReceivedRequest } from './requestLog';
import { runnerStatuses, type SandboxRunner } from './runners';
import type { Switches } from './switches';

const mostNameCharacters = 100;
const mostTags = 10;

type Settings = Pick<SandboxRunner, 'name' | 'endpoint' | 'headers' | 'tags' | 'status'>;

/** The settings of a runner that a JSON body holds, each of them checked. */
export function runnerFields(received: ReceivedRequest, switches: Switches): Partial<Settings> {
	const { json } = received;
	if (!isRecord(json)) throw invalidFormat('the body must be a JSON object');
	const fields: Partial<Settings> = {};
	if ('name' in json)
		fields.name = shortText(textOf(json.name, 'name'), 'name', mostNameCharacters);
	if ('endpoint' in json) fields.endpoint = endpointOf(json.endpoint, switches);
	if ('headers' in json) fields.headers = headersOf(json.headers);
	if ('tags' in json) fields.tags = tagsOf(json.tags);
	if ('status' in json) fields.status = statusOf(json.status);
	return fields;
}

function textOf(value: unknown, field: string): string {
	if (typeof value !== 'string') throw new ApiError(400, `${field} must be a string`);
	return value;
}

function endpointOf(value: unknown, { privateEndpoints }: Switches): string {
	const endpoint = textOf(value, 'endpoint');
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw new ApiError(400, 'invalid endpoint URL format');
	}
	if (privateEndpoints === 'refused' && isPrivate(url.hostname)) {
		throw new ApiError(400, 'endpoint is not reachable');
	}
	return endpoint;
}

function isPrivate(hostname: string): boolean {
	return /^(localhost$|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(hostname);
}

/** Names and values that HTTP can send. */
function headersOf(value: unknown): Record<string, string> {
	if (!isRecord(value)) throw new ApiError(400, 'headers must be an object');
	const headers: Record<string, string> = {};
	for (const [name, text] of Object.entries(value)) {
		const sendable =
			/^[!#$%&'*+.^`|~\w-]+$/.test(name) && typeof text === 'string' && !/[\r\n\0]/.test(text);
		if (!sendable) throw new ApiError(400, `invalid header ${name}`);
		headers[name] = text;
	}
	return headers;
}

function tagsOf(value: unknown): string[] {
	if (!Array.isArray(value)) throw new ApiError(400, 'tags must be an array');
	const tags = value.map((tag: unknown) => textOf(tag, 'tag'));
	if (tags.length > mostTags) throw new ApiError(400, `no more than ${mostTags} tags`);
	return tags;
}

function statusOf(value: unknown): SandboxRunner['status'] {
	const status = runnerStatuses.find((candidate) => candidate === value);
	if (!status) throw new ApiError(400, 'invalid status');
	return status;
}

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- looks into errors in tests, never part of the node */
import { inspect } from 'node:util';

import fc from 'fast-check';
import { ExpressionError } from 'n8n-workflow';

import {
	answerError,
	fileError,
	mayHaveStarted,
	mayPass,
	networkError,
	unreadableAnswerError,
} from '../../../../nodes/ComfyControl/transport/errors';
import type { FailedRequest } from '../../../../nodes/ComfyControl/transport/failedRequest';
import { NODE } from '../../../support/node';

const PAGE = '<!DOCTYPE html><html><title>Attention Required! | Cloudflare</title></html>';
const READ: FailedRequest = {
	method: 'GET',
	subject: { noun: 'workflow', id: 'w1' },
	itemIndex: 3,
	sentAt: new Date('2026-01-02T03:04:05.678Z'),
	secrets: ['cfc_secret'],
};
const START: FailedRequest = { ...READ, method: 'POST', startsWorkflow: true };
const CHANGE: FailedRequest = { ...READ, method: 'PUT' };

describe('a secret', () => {
	const tokenPart = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{12,60}$/);
	const tokens = fc.oneof(
		tokenPart.map((part) => `cfc_${part}`),
		tokenPart,
	);

	it('is never in an error, whatever ComfyControl or the network says', () => {
		fc.assert(
			fc.property(
				tokens,
				fc.oneof(
					fc.constantFrom('', 'Token ', 'bad header: Bearer ', 'a,'),
					// A long sentence is cut.
					fc.nat(30).map((more) => 'x'.repeat(480 + more)),
				),
				fc.constantFrom('', ' is not valid', '"}', '\n'),
				fc.constantFrom(302, 400, 401, 403, 404, 413, 418, 429, 500),
				(secret, before, after, statusCode) => {
					const request = { ...START, secrets: ['another', secret] };
					const said = before + secret + after;
					const fault = Object.assign(new Error(said), { code: said, config: { headers: said } });
					const errors = [
						answerError(NODE, { statusCode, body: { message: said } }, request),
						answerError(NODE, { statusCode, body: JSON.stringify({ message: said }) }, request),
						answerError(NODE, { statusCode, body: `<p>${said}</p>` }, request),
						unreadableAnswerError(NODE, { statusCode, body: said }, request),
						fileError(NODE, { fileName: said, fault }, request),
						networkError(NODE, fault, request),
					];
					for (const error of errors) {
						expect(inspect(error, { depth: 10 })).not.toContain(secret);
						expect(JSON.stringify(error)).not.toContain(secret);
					}
				},
			),
		);
	});

	it('leaves nothing of itself when another one is a part of it', () => {
		const request = { ...READ, secrets: ['abc', 'abc123'] };
		const { message } = answerError(
			NODE,
			{ statusCode: 400, body: { message: 'Bad abc123' } },
			request,
		);
		expect(message).toBe('Bad ***');
	});

	it('may be somebody else’s token: what looks like one is not shown', () => {
		const body = { message: 'Sent cfc_secret, "cfc_of_another" and authorization: bearer abc.def' };
		const { message } = answerError(NODE, { statusCode: 400, body }, READ);
		expect(message).toBe('Sent ***, "cfc_***" and authorization: Bearer ***');
	});

	it('may be empty', () => {
		const body = { message: 'no secret' };
		const { message } = answerError(NODE, { statusCode: 400, body }, { ...READ, secrets: [''] });
		expect(message).toBe('No secret');
	});
});

describe('a refused request', () => {
	const sentence = { message: 'some reason' };

	it.each([
		[302, sentence, 'The API address answered with a redirect (HTTP 302)', 'Base URL'],
		[400, sentence, 'Some reason', 'Compare the names'],
		[400, { message: 'no active runner with tags' }, 'No active runner with tags', 'Start or add'],
		[400, { message: 'File size exceeds 50MB limit' }, 'File size exceeds 50MB limit', '50 MB'],
		[400, { message: 'invalid UUID' }, 'Invalid UUID', 'Copy the ID of the workflow'],
		[400, {}, 'ComfyControl refused the request (HTTP 400)', 'Compare the names'],
		[401, sentence, 'ComfyControl refused the API token: Some reason', 'API Tokens'],
		[401, undefined, 'ComfyControl refused the API token', 'API Tokens'],
		[403, sentence, 'Some reason', 'plan'],
		[404, sentence, 'ComfyControl has no workflow w1', 'deleted'],
		[407, PAGE, 'The proxy of your n8n refused the request (HTTP 407)', 'HTTPS_PROXY'],
		[408, undefined, 'The request was given up on its way to ComfyControl (HTTP 408)', 'network'],
		[413, sentence, 'The request is larger than ComfyControl accepts', '50 MB'],
		[
			413,
			PAGE,
			'A proxy on the way to ComfyControl accepts no request as large as this one (HTTP 413)',
			'ComfyControl did not get it. Whoever runs the proxy',
		],
		[418, sentence, 'Some reason', 'Base URL'],
		[418, undefined, 'ComfyControl refused the request (HTTP 418)', 'Base URL'],
		[429, sentence, 'ComfyControl received too many requests from your address', '40 requests'],
		[500, sentence, 'Some reason', 'Try again later'],
		[503, '', 'ComfyControl could not process the request (HTTP 503)', 'Try again later'],
		[403, PAGE, 'The API address answered with a web page (HTTP 403)', 'firewall'],
		[404, PAGE, 'The API address answered with a web page (HTTP 404)', 'Base URL'],
		[499, sentence, 'Some reason', 'Check the network'],
		[429, PAGE, 'ComfyControl received too many requests from your address', 'not processed'],
		[502, PAGE, 'ComfyControl could not process the request (HTTP 502)', 'Try again later'],
	])('HTTP %i %j: %s', (statusCode, body, message, advice) => {
		const error = answerError(NODE, { statusCode, body }, START);
		expect(error.message).toBe(message);
		expect(error.description).toContain(advice);
		expect(error).toMatchObject({ httpCode: String(statusCode), context: { itemIndex: 3 } });
	});

	it.each([{ message: 5 }, { message: '  ' }, { error: 'no' }, 'no JSON', '"no"', null, undefined])(
		'is not explained by %j, which has no sentence',
		(body) => {
			const { message } = answerError(NODE, { statusCode: 403, body }, READ);
			expect(message).toBe('ComfyControl did not allow this (HTTP 403)');
		},
	);

	it('is about nothing in particular when it was not about one thing', () => {
		const list = { ...READ, subject: undefined };
		const errorOf = (statusCode: number, body: object) =>
			answerError(NODE, { statusCode, body }, list);
		expect(errorOf(404, sentence).message).toBe('Some reason');
		expect(errorOf(404, {}).message).toBe('ComfyControl has nothing at this address (HTTP 404)');
		expect(errorOf(404, {}).description).toContain('Base URL');
		const invalid = errorOf(400, { message: 'invalid UUID' });
		expect(invalid.description).toBe('Copy the ID of the entry from ComfyControl.');
		expect(errorOf(400, sentence).description).toContain('what you entered');
	});

	it('is explained by a sentence in JSON that was not parsed, cut off if it is very long', () => {
		const body = JSON.stringify({ message: ` so ${'long '.repeat(200)}` });
		const { message } = answerError(NODE, { statusCode: 400, body }, READ);
		expect(message).toMatch(/^So long long/);
		expect(message).toMatch(/^So long long .*…$/);
		expect(message).toHaveLength(500);
	});
});

describe('an answer that can’t be read', () => {
	it.each([
		['', 'it is empty'],
		[undefined, 'it is empty'],
		[PAGE, 'it is a web page'],
		['OK', 'it is not JSON'],
		[{ ok: true }, 'it is not what was asked for'],
	])('%j: %s', (body, kind) => {
		const error = unreadableAnswerError(NODE, { statusCode: 200, body }, READ);
		expect(error.message).toBe(`ComfyControl's answer can't be read (${kind})`);
		expect(error.description).toContain('Base URL');
	});
});

describe('a request without an answer', () => {
	const wrapped = (code: string) =>
		new Error('outer', { cause: Object.assign(new Error(), { code }) });
	const circular: { cause?: unknown } = {};
	circular.cause = circular;

	const UNREACHABLE = "ComfyControl can't be reached";
	const LATE = 'ComfyControl did not answer in time';
	const BROKEN_OFF = 'The connection to ComfyControl broke off before its answer arrived';

	it.each([
		[{ code: 'ECONNREFUSED' }, `${UNREACHABLE} (ECONNREFUSED)`],
		[{ code: 'ENOTFOUND' }, `${UNREACHABLE} (ENOTFOUND)`],
		[{ code: 'CERT_HAS_EXPIRED' }, `${UNREACHABLE} (CERT_HAS_EXPIRED)`],
		[wrapped('EAI_AGAIN'), `${UNREACHABLE} (EAI_AGAIN)`],
	])('%p: %s, so that nothing was sent', (fault, message) => {
		const error = networkError(NODE, fault, START);
		expect(error.message).toBe(message);
		expect(error.description).toMatch(/^Nothing was sent\. Check the network/);
		expect(mayHaveStarted(error)).toBe(false);
	});

	it.each([
		[{ code: 'ECONNABORTED' }, `${LATE} (ECONNABORTED)`],
		[wrapped('ETIMEDOUT'), `${LATE} (ETIMEDOUT)`],
		[{ code: 'ECONNRESET' }, `${BROKEN_OFF} (ECONNRESET)`],
		[{ code: 'ECONNREFUSED_BY_US' }, `${BROKEN_OFF} (ECONNREFUSED_BY_US)`],
		[{ code: 'NO_ETIMEDOUT' }, `${BROKEN_OFF} (NO_ETIMEDOUT)`],
		[{ code: 5 }, BROKEN_OFF],
		[circular, BROKEN_OFF],
		['odd', BROKEN_OFF],
		[null, BROKEN_OFF],
	])('%p: %s, so that the workflow may run', (fault, message) => {
		const error = networkError(NODE, fault, START);
		expect(error.message).toBe(message);
		expect(error.description).toMatch(/Check the network of your n8n and try again\.$/);
		expect(mayHaveStarted(error)).toBe(true);
	});

	it.each([
		[{ code: 'ECONNRESET' }, 'The upload to ComfyControl broke off (ECONNRESET)'],
		[wrapped('EPIPE'), 'The upload to ComfyControl broke off (EPIPE)'],
		[{ code: 'ETIMEDOUT' }, 'The upload to ComfyControl took too long (ETIMEDOUT)'],
		[null, 'The upload to ComfyControl broke off'],
	])('%p, before all was sent: %s, so that nothing was started', (fault, message) => {
		const error = networkError(NODE, fault, { ...START, isSent: false });
		expect(error.message).toBe(message);
		expect(error.description).toMatch(/^ComfyControl did not get all of it, so it did nothing\./);
		expect(mayHaveStarted(error)).toBe(false);
	});

	const ssrf = Object.assign(new Error('It is blocked'), { name: 'SsrfBlockedHostnameError' });

	it.each([
		[ssrf, "n8n's SSRF protection", 'N8N_SSRF_ALLOWED_HOSTNAMES'],
		[new Error('outer', { cause: ssrf }), "n8n's SSRF protection", 'N8N_SSRF_ALLOWED_HOSTNAMES'],
		[
			new Error('The request was blocked because it resolves to a restricted IP address'),
			"n8n's SSRF protection",
			'N8N_SSRF_ALLOWED_IP_RANGES',
		],
		[
			new Error('Proxy connection ended before receiving CONNECT response'),
			'The proxy of your n8n',
			'HTTPS_PROXY',
		],
	])('%p: blocked by %s, so that nothing was sent', (fault, by, setting) => {
		const error = networkError(NODE, fault, START);
		expect(error.message).toBe(`${by} blocks the request to ComfyControl`);
		expect(error.description).toMatch(/^Nothing was sent\. Whoever runs your n8n can/);
		expect(error.description).toContain(setting);
		expect(mayHaveStarted(error)).toBe(false);
	});

	it('is none at all when the credential can’t be filled in', () => {
		const fault = new Error('outer', { cause: new ExpressionError('no such variable') });
		const error = networkError(NODE, fault, START);
		expect(error.message).toBe(
			'n8n could not fill in the ComfyControl credential: no such variable',
		);
		expect(error.description).toMatch(/^Nothing was sent\. Check the expressions/);
		expect(mayHaveStarted(error)).toBe(false);
	});
});

describe('whether the workflow may have been started', () => {
	it.each([
		[500, true],
		[502, true],
		[301, true],
		[302, true],
		[303, true],
		[307, true],
		[308, true],
		[408, true],
		[499, true],
		[400, false],
		[404, false],
		[407, false],
		[413, false],
		[429, false],
	])('HTTP %i: %p', (statusCode, mayRun) => {
		const error = answerError(NODE, { statusCode, body: '' }, START);
		expect(mayHaveStarted(error)).toBe(mayRun);
		expect(String(error.description).includes('may have been started')).toBe(mayRun);
	});

	it.each([302, 408, 499, 500, 502])(
		'is no question before all was sent: HTTP %i',
		(statusCode) => {
			const request = { ...START, isSent: false };
			const error = answerError(NODE, { statusCode, body: '' }, request);
			expect(mayHaveStarted(error)).toBe(false);
			expect(error.description).not.toContain('may have been started');
		},
	);

	it('is said with the time at which it was sent', () => {
		const error = unreadableAnswerError(NODE, { statusCode: 200, body: '' }, START);
		expect(error.description).toContain('one started at 2026-01-02T03:04:05.678Z (UTC)');
	});

	it('is no question of a read, or of a file that could not be read', () => {
		const read = answerError(NODE, { statusCode: 500, body: '' }, READ);
		const file = fileError(NODE, { fileName: 'a.png', fault: new Error('ENOENT: gone') }, START);
		expect([read, file].map(mayHaveStarted)).toEqual([false, false]);
		expect(read.description).toBe('ComfyControl has trouble at the moment. Try again later.');
		expect(file.message).toBe("The file 'a.png' could not be read completely (ENOENT: gone)");
		expect(file.description).toContain('started nothing');
	});

	it('is no question of another change, which may have been made', () => {
		const error = networkError(NODE, { code: 'ECONNRESET' }, CHANGE);
		expect(mayHaveStarted(error)).toBe(false);
		expect(error.description).toMatch(/may have been done.*look in ComfyControl/);
	});
});

describe('mayPass', () => {
	it.each([
		[null, true],
		['200', true],
		['302', false],
		['400', false],
		['401', false],
		['404', false],
		['407', false],
		['408', true],
		['499', true],
		['429', true],
		['500', true],
		['503', true],
	])('HTTP %p: %p', (httpCode, expected) => {
		expect(mayPass({ httpCode })).toBe(expected);
	});
});

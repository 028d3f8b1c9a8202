import type { ICredentialTestRequest } from 'n8n-workflow';

import { ComfyControlApi } from '../../credentials/ComfyControlApi.credentials';
import { apiBaseUrl } from '../../nodes/ComfyControl/transport/credential';
import { evaluated } from '../support/expressions';
import { signedIn } from '../support/signedIn';

const credential = new ComfyControlApi();

describe('the ComfyControl credential', () => {
	it('keeps to the contract of saved workflows', () => {
		expect(credential.name).toBe('comfyControlApi');
		expect(credential.properties.map(({ name, default: value }) => [name, value])).toEqual([
			['apiToken', ''],
			['baseUrl', 'https://api.comfycontrol.app'],
		]);
	});

	it('hides the token and says where to create one', () => {
		const [token] = credential.properties;
		expect(token).toMatchObject({
			type: 'string',
			typeOptions: { password: true },
			required: true,
		});
		expect(token.hint).toContain('comfycontrol.app');
		expect(token.hint).toContain('cfc_');
		expect(token.placeholder).toContain('cfc_');
	});

	it.each([' cfc_example\n', 'Bearer cfc_example', 'bearer  cfc_example'])(
		'signs requests in with a bearer header and nothing else: %j',
		async (apiToken) => {
			const request = { url: 'https://api.example/v1/user', headers: { Accept: 'text/html' } };
			expect(await signedIn({ apiToken }, request)).toEqual({
				...request,
				headers: { Accept: 'text/html', Authorization: 'Bearer cfc_example' },
			});
		},
	);

	it.each([
		'https://api.comfycontrol.app',
		'https://api.comfycontrol.app/',
		' https://api.comfycontrol.app/v1/ ',
		'https://proxy.example/comfy/v1',
		'http://127.0.0.1:4010//',
		' api.comfycontrol.app/v1',
		'proxy.example:8080/comfy/',
	])('is tested at the address that the node uses: %s', (baseUrl) => {
		const { request }: ICredentialTestRequest = credential.test;
		expect(request.url).toBe('/v1/user');
		expect(evaluated(String(request.baseURL), { baseUrl })).toBe(apiBaseUrl(baseUrl));
	});

	it('is not tested beyond a redirect, which would get the token', () => {
		expect(credential.test.request.disableFollowRedirect).toBe(true);
	});

	it.each([
		[401, /doesn't know this token.*without 'Bearer'/],
		[403, /refuses this token.*plan/],
		[302, /redirect.*not sent/],
		[308, /redirect.*not sent/],
		[404, /https:\/\/api\.comfycontrol\.app/],
	])('says what to do after HTTP %d', (status, message) => {
		expect(credential.test.rules).toContainEqual({
			type: 'responseCode',
			properties: { value: status, message: expect.stringMatching(message) },
		});
	});

	it('takes no page for an answer of the API', () => {
		expect(credential.test.rules).toContainEqual({
			type: 'responseSuccessBody',
			properties: { key: 'id', value: undefined, message: expect.stringContaining('Base URL') },
		});
	});
});

import type { ICredentialTestRequest } from 'n8n-workflow';

import { ComfyControlApi } from '../../credentials/ComfyControlApi.credentials';
import { apiBaseUrl } from '../../nodes/ComfyControl/transport/baseUrl';
import { evaluated } from '../support/expressions';

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

	it('signs requests in with a bearer header and nothing else', () => {
		const { headers, ...others } = credential.authenticate.properties;
		expect(others).toEqual({});
		expect(Object.keys(headers ?? {})).toEqual(['Authorization']);
		expect(evaluated(String(headers?.Authorization), { apiToken: ' cfc_example\n' })).toBe(
			'Bearer cfc_example',
		);
	});

	it.each([
		'https://api.comfycontrol.app',
		'https://api.comfycontrol.app/',
		' https://api.comfycontrol.app/v1/ ',
		'https://proxy.example/comfy/v1',
		'http://127.0.0.1:4010//',
	])('is tested at the address that the node uses: %s', (baseUrl) => {
		const { request }: ICredentialTestRequest = credential.test;
		expect(request.url).toBe('/v1/user');
		expect(evaluated(String(request.baseURL), { baseUrl })).toBe(apiBaseUrl(baseUrl));
	});
});

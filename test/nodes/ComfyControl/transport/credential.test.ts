import { apiBaseUrl } from '../../../../nodes/ComfyControl/transport/credential';

describe('apiBaseUrl', () => {
	it.each([
		['https://api.comfycontrol.app', 'https://api.comfycontrol.app'],
		['https://api.comfycontrol.app/', 'https://api.comfycontrol.app'],
		['  https://api.comfycontrol.app//  ', 'https://api.comfycontrol.app'],
		['https://api.comfycontrol.app/v1', 'https://api.comfycontrol.app'],
		['https://api.comfycontrol.app/v1/', 'https://api.comfycontrol.app'],
		['https://proxy.example/comfy/', 'https://proxy.example/comfy'],
		['https://proxy.example/comfy/v1', 'https://proxy.example/comfy'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['https://api.comfycontrol.app/?a=1#b', 'https://api.comfycontrol.app'],
		['api.comfycontrol.app', 'https://api.comfycontrol.app'],
		['proxy.example:8080/comfy/v1', 'https://proxy.example:8080/comfy'],
		['https://user:word@api.comfycontrol.app', 'https://api.comfycontrol.app'],
	])('%s becomes %s', (entered, expected) => {
		expect(apiBaseUrl(entered)).toBe(expected);
	});

	it.each([
		'',
		'127.0.0.1:4010',
		'localhost:4010',
		'ftp://api.comfycontrol.app',
		'file:///etc',
		undefined,
		5,
	])('refuses %j', (entered) => {
		expect(apiBaseUrl(entered)).toBeUndefined();
	});
});

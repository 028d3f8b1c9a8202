import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class ComfyControlApi implements ICredentialType {
	name = 'comfyControlApi';

	displayName = 'ComfyControl API';

	icon: Icon = {
		light: 'file:../icons/comfycontrol.svg',
		dark: 'file:../icons/comfycontrol.dark.svg',
	};

	documentationUrl = 'https://docs.comfycontrol.app/api/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. cfc_…',
			hint: 'Create one on comfycontrol.app under Account Settings > API Tokens. It starts with cfc_ and is shown only once.',
			description: 'The token that n8n signs in to ComfyControl with',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.comfycontrol.app',
			placeholder: 'e.g. https://api.comfycontrol.app',
			description: 'Address of the ComfyControl API. Change it only if yours runs elsewhere.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: { Authorization: '=Bearer {{$credentials.apiToken.trim()}}' },
		},
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.trim().replace(/([/]v1)?[/]*$/, "")}}',
			url: '/v1/user',
		},
	};
}

import type {
	IAuthenticate,
	IAuthenticateRuleResponseCode,
	IAuthenticateRuleResponseSuccessBody,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import { apiTokenIn } from '../nodes/ComfyControl/transport/credential';

const WRONG_ADDRESS =
	'Set Base URL to https://api.comfycontrol.app: comfycontrol.app is the website, not the API. If your API runs elsewhere, enter its final address.';

const MESSAGES: Record<number, string> = {
	...Object.fromEntries(
		[301, 302, 303, 307, 308].map((status) => [
			status,
			`The Base URL answers with a redirect to another address, and the token was not sent there. ${WRONG_ADDRESS}`,
		]),
	),
	401: "ComfyControl doesn't know this token. Create one on comfycontrol.app under Account Settings > API Tokens, and paste it whole, without 'Bearer'.",
	403: 'ComfyControl, or a firewall on the way, refuses this token. Check the plan and the account that it is from.',
	404: `There is no ComfyControl API at the Base URL. ${WRONG_ADDRESS}`,
};

const RULES: Array<IAuthenticateRuleResponseCode | IAuthenticateRuleResponseSuccessBody> = [
	...Object.entries(MESSAGES).map(
		([status, message]): IAuthenticateRuleResponseCode => ({
			type: 'responseCode',
			properties: { value: Number(status), message },
		}),
	),
	{
		type: 'responseSuccessBody',
		properties: {
			key: 'id',
			value: undefined,
			message: `The Base URL answers, but not as the ComfyControl API does. ${WRONG_ADDRESS}`,
		},
	},
];

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
			hint: 'Leave it as it is, unless your API runs elsewhere. It begins with https://, or with http:// in your own network.',
			description: 'The address of the ComfyControl API',
		},
	];

	// In code: with an expression, n8n 2.35 and later can't fill it in where the workflow's setting is the
	// combined binary mode.
	authenticate: IAuthenticate = async (credentials, request) => ({
		...request,
		headers: { ...request.headers, Authorization: `Bearer ${apiTokenIn(credentials.apiToken)}` },
	});

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{$credentials.baseUrl.trim().replace(/^(?=[a-z0-9_-]+([.][a-z0-9_-]+)*[.][a-z][a-z0-9_-]*(:[0-9]+)?([/]|$))/i, "https://").replace(/([/]v1)?[/]*$/, "")}}',
			url: '/v1/user',
			// Else n8n sends the token on to wherever a redirect leads.
			disableFollowRedirect: true,
		},
		// n8n reads rules of both kinds in one list, but its type has lists of one kind only.
		rules: RULES as IAuthenticateRuleResponseSuccessBody[],
	};
}

import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { ComfyControlApi } from '../../credentials/ComfyControlApi.credentials';

/** What n8n does with a credential that signs requests in by code. */
export async function signedIn(
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const { authenticate } = new ComfyControlApi();
	if (typeof authenticate !== 'function') throw new Error('The credential is not one by code');
	return await authenticate(credentials, request);
}

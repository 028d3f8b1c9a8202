import { causesOf } from './causes';

/** Something between the node and the host that a request is for, which kept it from going out. */
export interface Block {
	/** Who blocked it. */
	by: string;
	/** What to set. */
	advice: string;
}

/** A proxy that answers in the host's place. */
export const PROXY: Block = {
	by: 'The proxy of your n8n',
	advice:
		'Whoever runs your n8n can set the proxy with its user name and password in HTTPS_PROXY and HTTP_PROXY (http://user:password@host:port), or go past it with NO_PROXY.',
};

const SSRF_PROTECTION: Block = {
	by: "n8n's SSRF protection",
	advice:
		'Whoever runs your n8n can allow the address: its host name in N8N_SSRF_ALLOWED_HOSTNAMES, or its IP address in N8N_SSRF_ALLOWED_IP_RANGES.',
};

// n8n says it in the name and in the sentence of its errors, not in a code.
const SSRF =
	/^Ssrf|^The request was blocked because (it resolves to a restricted IP|the destination hostname is restricted)/;
const PROXY_FAULT = /\bproxy CONNECT response|^Proxy connection ended/;

/** What kept a request from going out, if a fault says that something did. */
export function blockOf(fault: unknown): Block | undefined {
	const texts = causesOf(fault).flatMap((cause) =>
		cause instanceof Error ? [cause.name, cause.message] : [],
	);
	if (texts.some((text) => SSRF.test(text))) return SSRF_PROTECTION;
	return texts.some((text) => PROXY_FAULT.test(text)) ? PROXY : undefined;
}

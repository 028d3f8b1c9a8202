import type { IBinaryData } from 'n8n-workflow';

/** Whether a value is an object with fields, and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a file as n8n hands it from node to node. */
export function isBinaryData(value: unknown): value is IBinaryData {
	return (
		isRecord(value) &&
		typeof value.mimeType === 'string' &&
		(typeof value.data === 'string' || isBinaryId(value.id))
	);
}

// n8n's own ids say where the file is: `filesystem-v2:…`, `database:…`.
function isBinaryId(id: unknown): boolean {
	return typeof id === 'string' && /^[a-z][a-z0-9-]*:/.test(id);
}

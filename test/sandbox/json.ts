/** An object as JSON, with the text that it came in: written again, large numbers would be others. */
export interface JsonFile {
	text: string;
	value: Record<string, unknown>;
}

/** The value of a JSON text; undefined when it is none. */
export function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Whether a parsed JSON value is an object and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { ApiError } from './apiError';

/** The most that one request may hold, everything of its body counted. */
export const maxBodyBytes = 50 * 1024 * 1024;

/** The value of a field that has to be there. */
export function required<Value>(value: Value | undefined, field: string): Value {
	if (value === undefined) throw new ApiError(400, `${field} is required`);
	return value;
}

/** A text of 1 to `most` characters. */
export function shortText(text: string, field: string, most: number): string {
	if (text === '') throw new ApiError(400, `${field} cannot be empty`);
	if ([...text].length > most) {
		throw new ApiError(400, `${field} cannot be longer than ${most} characters`);
	}
	return text;
}

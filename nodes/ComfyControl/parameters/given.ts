import { wrong, type Checked } from './types';

/**
 * The number that was entered, also as a text, as a sheet may give it. Undefined for anything else: an
 * empty cell is no zero, and a switch no one.
 */
export function numberIn(entered: unknown): number | undefined {
	const number = typeof entered === 'string' && entered.trim() !== '' ? Number(entered) : entered;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const ON = new Set(['true', '1', 'yes', 'on']);
const OFF = new Set(['false', '0', 'no', 'off', '']);

/**
 * Whether a switch is on: an expression may give a text or a number for it, such as a sheet's "TRUE". What is
 * neither yes nor no is a problem.
 *
 * @param label the switch's name in the editor
 * @param fallback what counts when an expression gives nothing
 */
export function switchIn(label: string, value: unknown, fallback: boolean): Checked<boolean> {
	if (value === undefined || value === null) return { value: fallback };
	const answer = yesOrNo(value);
	return answer === undefined
		? wrong(`'${label}' is neither on nor off`, 'Let its expression give true or false.')
		: { value: answer };
}

function yesOrNo(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const text = String(value).trim().toLowerCase();
	if (ON.has(text)) return true;
	return OFF.has(text) ? false : undefined;
}

/**
 * A value as n8n's panel shows it: that is its JSON. In a whole run a node may get live dates and
 * numbers that JSON doesn't know, where *Execute step* gives their text.
 */
export function shownValue(value: unknown): unknown {
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null) return value;
	// Dates of JavaScript, Luxon and others alike, and from other realms, where `instanceof` fails.
	return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** What a value is called when it is none that could be sent, such as `NaN`. */
export function nameOfNoValue(value: unknown): string | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
	if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
	const isLive = typeof value === 'object' && value !== null;
	return isLive && (shownValue(value) ?? undefined) === undefined ? 'no valid date' : undefined;
}

/**
 * Finds a number in an object that isn't what was written: whole numbers beyond 2^53 have lost digits
 * when n8n parsed them, and what is no finite number would be sent as null.
 */
export function lostNumber(definition: unknown): number | undefined {
	const stack = [definition];
	while (stack.length > 0) {
		const value = stack.pop();
		if (typeof value === 'number' && isLost(value)) return value;
		if (typeof value === 'object' && value !== null) {
			for (const child of Object.values(value)) stack.push(child);
		}
	}
	return undefined;
}

function isLost(value: number): boolean {
	return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

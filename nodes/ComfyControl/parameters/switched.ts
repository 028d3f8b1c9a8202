import { wrong, type Checked } from './types';

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

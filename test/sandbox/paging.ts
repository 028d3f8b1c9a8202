import { ApiError } from './apiError';
import type { Switches } from './switches';

type Query = Record<string, string>;

/** The page of a list that `page` and `per_page` ask for. */
export function pageOf<Thing>(list: Thing[], query: Query, switches: Switches): Thing[] {
	const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER, switches);
	const perPage = wholeNumber(query, 'per_page', 10, 100, switches);
	const first = switches.pages === 'ignored' ? 0 : (page - 1) * perPage;
	return list.slice(first, first + perPage);
}

/** The `status` to filter a list by; undefined for none. */
export function statusFilter(
	{ status }: Query,
	allowed: readonly string[],
	switches: Switches,
): string | undefined {
	if (status === undefined || switches.statusFilter === 'ignored') return undefined;
	if (!allowed.includes(status)) throw new ApiError(400, 'invalid status');
	return status;
}

function wholeNumber(
	query: Query,
	name: string,
	fallback: number,
	max: number,
	{ pageOutOfRange }: Switches,
): number {
	const text = query[name];
	if (text === undefined) return fallback;
	const value = Number(text);
	if (!Number.isInteger(value)) throw new ApiError(400, `${name} must be an integer`);
	if (value >= 1 && value <= max) return value;
	if (pageOutOfRange === 'clamped') return Math.min(Math.max(value, 1), max);
	throw new ApiError(400, `${name} must be between 1 and ${max}`);
}

/** A moment as the API writes it, in UTC. */
export function isoTime(ms: number): string {
	return new Date(ms).toISOString();
}

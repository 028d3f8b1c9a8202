/** A fault and what it wraps: n8n's request helper puts the system's own faults into errors of its own. */
export function causesOf(fault: unknown): object[] {
	const causes = new Set<object>();
	let current = fault;
	while (typeof current === 'object' && current !== null && !causes.has(current)) {
		causes.add(current);
		current = 'cause' in current ? current.cause : undefined;
	}
	return [...causes];
}

/** The system's code, such as ECONNRESET. */
export function codeOf(fault: object): string | undefined {
	return 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined;
}

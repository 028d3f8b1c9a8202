import type { IExecuteFunctions } from 'n8n-workflow';

// A line of the log that can still be read.
const ENTRIES_A_LINE = 50;

/** Writes a list of any length into n8n's log, in lines that each begin with what it is a list of. */
export function logLines({ logger }: IExecuteFunctions, title: string, entries: string[]): void {
	for (let from = 0; from < entries.length; from += ENTRIES_A_LINE) {
		logger.warn(`${title}: ${entries.slice(from, from + ENTRIES_A_LINE).join(', ')}`);
	}
}

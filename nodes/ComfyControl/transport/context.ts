import type { IExecuteFunctions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';

/** What n8n gives to code that sends requests: an execution, the editor, or a polling trigger. */
export type ApiContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/** Where files can be kept. */
export type FileContext = IExecuteFunctions | IPollFunctions;

/** The signal that the execution is stopped. Neither the editor nor a poll has one. */
export function stopSignal(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

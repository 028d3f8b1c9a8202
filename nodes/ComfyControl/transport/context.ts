import type { IExecuteFunctions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';

/** What n8n gives to code that sends requests: an execution, the editor, or a polling trigger. */
export type ApiContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/** Where files can be kept. */
export type FileContext = IExecuteFunctions | IPollFunctions;

/** Whether somebody waits for it in the editor. */
export function isInEditor(context: ApiContext): context is ILoadOptionsFunctions {
	return 'getCurrentNodeParameter' in context;
}

/** The signal that the execution is stopped. Neither the editor nor a poll has one. */
export function stopSignal(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/** What the user wants of a workflow that is waited for. */
export interface WaitSettings extends OutputSettings {
	/** How long to wait from the moment it was accepted. */
	timeoutSeconds: number;
	/** Whether to cancel it on ComfyControl when the n8n execution is stopped. */
	cancelOnStop: boolean;
	/** How many workflows may be started and unfinished at once. Infinity is as many as the limit allows. */
	workflowsAtOnce: number;
}

/** What the user wants of the outputs of a finished workflow. */
export interface OutputSettings {
	/** Whether to hand over the files, or their links alone. */
	downloadOutputs: boolean;
	/** One item for each output file, or one for each workflow with all of its files. */
	outputMode: 'file' | 'workflow';
	/** The binary field of the first file; further ones get `_1`, `_2`, … */
	binaryField: string;
	/** What to call the files, without regard to their extension. Empty for the names that ComfyUI gave. */
	fileName: string;
}

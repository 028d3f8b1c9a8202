import { at, isRecord } from '../support/guards';

export interface N8nItem {
	json: Record<string, unknown>;
	binary?: Record<string, unknown>;
	pairedItem?: unknown;
}

/** One time that a node ran. */
interface NodeRun {
	startMs: number;
	endMs: number;
	errorMessage: string | undefined;
	outputs: N8nItem[][];
}

/** What an execution left behind, read by node name. */
export class N8nExecution {
	constructor(private readonly data: unknown) {}

	/** The names of the nodes that ran. */
	get nodeNames(): string[] {
		return isRecord(this.runData) ? Object.keys(this.runData) : [];
	}

	/** Every time that a node ran, in their order; none when it did not. */
	runs(nodeName: string): NodeRun[] {
		const runs = at(this.runData, nodeName);
		return Array.isArray(runs) ? runs.map(toNodeRun) : [];
	}

	/** The items that a node put out in its last run, from its first output unless told otherwise. */
	items(nodeName: string, outputIndex = 0): N8nItem[] {
		return this.runs(nodeName).at(-1)?.outputs.at(outputIndex) ?? [];
	}

	/** The message of the error that stopped the execution, or of the one that a node ended with. */
	errorMessage(nodeName?: string): string | undefined {
		if (nodeName !== undefined) return this.runs(nodeName).at(-1)?.errorMessage;
		return messageOf(at(this.data, 'resultData', 'error'));
	}

	/** When the last of all nodes ended. */
	get endMs(): number {
		return Math.max(...this.nodeNames.flatMap((name) => this.runs(name)).map(({ endMs }) => endMs));
	}

	private get runData(): unknown {
		return at(this.data, 'resultData', 'runData');
	}
}

function toNodeRun(run: unknown): NodeRun {
	const startMs = Number(at(run, 'startTime'));
	const outputs = at(run, 'data', 'main');
	return {
		startMs,
		endMs: startMs + Number(at(run, 'executionTime')),
		errorMessage: messageOf(at(run, 'error')),
		outputs: Array.isArray(outputs) ? outputs.map(toItems) : [],
	};
}

function toItems(output: unknown): N8nItem[] {
	return Array.isArray(output) ? output.filter(isItem) : [];
}

function isItem(value: unknown): value is N8nItem {
	return isRecord(value) && isRecord(value.json);
}

function messageOf(error: unknown): string | undefined {
	const message = at(error, 'message');
	return typeof message === 'string' ? message : undefined;
}

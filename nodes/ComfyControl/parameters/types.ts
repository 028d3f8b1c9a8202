import type { IBinaryData } from 'n8n-workflow';

/** The kinds of parameter that a ComfyControl workflow takes. */
export type ParameterKind = 'text' | 'file' | 'choice';

/** A text or a choice, ready to be sent. */
export interface ValueParameter {
	kind: 'text' | 'choice';
	/** As in the workflow's placeholder, without a prefix. */
	name: string;
	value: string;
}

/** A file that is still to be found in the item. */
export interface FileParameter {
	kind: 'file';
	/** As in the workflow's placeholder, without a prefix. */
	name: string;
	/** The item's binary field, empty for the only one it has, or the file itself. */
	input: string | IBinaryData;
}

export type Parameter = ValueParameter | FileParameter;

/** Why something can't be sent, and what the user does about it. */
export interface Problem {
	message: string;
	description: string;
}

export type Checked<T> = { value: T } | { problem: Problem };

/** What is wrong with an input. */
export function wrong(message: string, description: string): { problem: Problem } {
	return { problem: { message, description } };
}

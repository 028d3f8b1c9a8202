import type { IBinaryData } from 'n8n-workflow';

export { wrong, type Checked, type Problem } from '../basics/problem';

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

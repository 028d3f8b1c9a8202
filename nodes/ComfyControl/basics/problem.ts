/** What is wrong, and what the user does about it. */
export interface Problem {
	/** What happened. */
	message: string;
	/** The next step. */
	description: string;
}

export type Checked<T> = { value: T } | { problem: Problem };

/** What is wrong with an input. */
export function wrong(message: string, description: string): { problem: Problem } {
	return { problem: { message, description } };
}

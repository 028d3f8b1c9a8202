import { Remembered } from '../basics/remembered';

// A batch of any size, with room for the other n8n workflows of this process.
const MOST_STARTS = 20_000;

const starts = new Remembered<true>(MOST_STARTS, () => 1);

/** Keeps in mind, for as long as this process runs, that an n8n workflow has started this workflow. */
export function rememberOwnStart(n8nWorkflowId: string | undefined, workflowId: string): void {
	starts.set(keyOf(n8nWorkflowId, workflowId), true);
}

/** Whether an n8n workflow has started this workflow, in this process. */
export function isOwnStart(n8nWorkflowId: string | undefined, workflowId: string): boolean {
	return starts.get(keyOf(n8nWorkflowId, workflowId)) === true;
}

function keyOf(n8nWorkflowId: string | undefined, workflowId: string): string {
	return `${String(n8nWorkflowId)}/${workflowId}`;
}

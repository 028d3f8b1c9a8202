/* eslint-disable no-console -- what a command says, never part of the node */

/** What is tried: a text, a file and a choice for a workflow that ran before. */
export const TEXT = 'a lighthouse at dawn, soft light, film grain';
export const SAMPLER = 'dpm_2';

/** Says what is going to be sent. */
export function announce(workflowId: string, where: string): void {
	console.log(`Rerunning workflow ${workflowId} from ${where} with`);
	console.log(`  text    prompt       ${TEXT}`);
	console.log('  file    input_image  a picture');
	console.log(`  choice  sampler      ${SAMPLER}`);
}

/** Shows ComfyControl's response. */
export function showResponse(response: unknown): void {
	console.log('\nThe response:');
	console.log(JSON.stringify(response, null, 2));
	console.log('\nWaiting for the picture');
}

/* eslint-disable @n8n/community-nodes/require-node-api-error -- its errors are for developers, never part of the node */
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';
import { N8n, type N8nOptions } from './n8n';
import { installN8n } from './n8nInstall';
import { PROJECT_FOLDER } from './n8nPackage';
import { CREDENTIAL, type N8nWorkflow } from './workflows';

export interface Stage {
	sandbox: Sandbox;
	n8n: N8n;
	/** Stops the sandbox and deletes what n8n stored; fails when the token stands in any of it. */
	clear(): Promise<void>;
}

/** A sandbox, and a real n8n that has the built package, a credential for the sandbox and the given workflows. */
export async function setStage(
	workflowsFor: (sandbox: Sandbox) => N8nWorkflow[] | Promise<N8nWorkflow[]>,
	sandboxOptions: SandboxOptions = {},
	n8nOptions: N8nOptions = {},
): Promise<Stage> {
	const sandbox = await startSandbox(sandboxOptions);
	try {
		const n8n = await furnishedN8n(sandbox, await workflowsFor(sandbox), n8nOptions);
		const clear = async () => {
			await sandbox.stop();
			const leaks = await n8n.filesWith(sandbox.token);
			await n8n.remove();
			// In the credential it is encrypted.
			if (leaks.length > 0) throw new Error(`The token stands in ${leaks.join(', ')}`);
		};
		return { sandbox, n8n, clear };
	} catch (error) {
		await sandbox.stop();
		throw error;
	}
}

/** A real n8n that has the built package, a credential for the sandbox and the given workflows. */
export async function furnishedN8n(
	sandbox: Sandbox,
	workflows: N8nWorkflow[],
	options: N8nOptions = {},
): Promise<N8n> {
	const n8n = await N8n.create(await installN8n(), { projectFolder: PROJECT_FOLDER, ...options });
	try {
		await n8n.importCredentials([sandboxCredential(sandbox)]);
		await n8n.importWorkflows(workflows);
		return n8n;
	} catch (error) {
		await n8n.remove();
		throw error;
	}
}

/** The prompts of all workflows that were started, as often as they were. */
export function startedPrompts({ workflows }: Sandbox): string[] {
	return workflows
		.filter(({ rerunOf }) => rerunOf !== null)
		.map(({ params }) => params.find(({ name }) => name === 'prompt')?.value ?? '');
}

function sandboxCredential({ apiUrl, token }: Sandbox) {
	const data = { apiToken: token, baseUrl: apiUrl };
	return { ...CREDENTIAL, type: 'comfyControlApi', data };
}

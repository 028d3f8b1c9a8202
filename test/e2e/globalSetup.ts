import { installN8n } from './n8nInstall';

/** Installs n8n where it is missing, before the tests. */
export default async function globalSetup(): Promise<void> {
	await installN8n();
}

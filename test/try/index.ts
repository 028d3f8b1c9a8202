/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command for people's terminals, never part of the node */
import { parseArgs } from 'node:util';

const USAGE = `Try the node without an account, against a sandbox of the ComfyControl API on this machine.

npm run try                 runs the main job in n8n's own engine, and saves the finished picture
npm run try -- --n8n        does so in a real n8n (installs it once: 3 GB, some minutes)
npm run try -- --editor     opens that n8n for you with everything in it, until you press Ctrl-C
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			n8n: { type: 'boolean', default: false },
			editor: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) console.log(USAGE);
	else if (values.n8n || values.editor) {
		const { tryInN8n } = await import('./inN8n');
		await tryInN8n(values.editor);
	} else {
		const { tryInEngine } = await import('./inEngine');
		await tryInEngine();
	}
}

main().then(
	// n8n's engine keeps timers of its own.
	() => process.exit(),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);

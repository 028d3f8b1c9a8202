/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports -- a server for developers, never part of the node */
import { parseArgs } from 'node:util';

import { readings, startSandbox, type Switches, type Tier } from './index';
import { tiers } from './runners';

const usage = `A ComfyControl API to try things against, on this machine only.

npm run sandbox -- [options]

  --port <n>            port of the API (default 8190)
  --storage-port <n>    port of the host that output links point to (default 8191)
  --token <text>        the token to accept (default cfc_sandbox_example)
  --running <ms>        how long each job runs (default 4000)
  --parallel <n>        how many jobs run at once (default 4)
  --link-lifetime <ms>  how long an output link works (default 300000)
  --tier <name>         free | pro | plus | enterprise (default pro)
  --history <n>         how many older runs there are (default 300)
  --no-rate-limit       answer any number of requests
  --switch <name=value> another reading of the documentation; may be repeated. The first value is the default:
${Object.entries(readings)
	.map(([name, values]) => `                        ${name}=${values.map(String).join(' | ')}`)
	.join('\n')}
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '8190' },
			'storage-port': { type: 'string', default: '8191' },
			token: { type: 'string' },
			running: { type: 'string', default: '4000' },
			parallel: { type: 'string', default: '4' },
			'link-lifetime': { type: 'string', default: '300000' },
			tier: { type: 'string', default: 'pro' },
			history: { type: 'string', default: '300' },
			'no-rate-limit': { type: 'boolean', default: false },
			switch: { type: 'string', multiple: true, default: [] },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return print(usage);

	const sandbox = await startSandbox({
		port: Number(values.port),
		storagePort: Number(values['storage-port']),
		token: values.token,
		durationsMs: { accepted: 500, uploaded: 500, queued: 500, running: Number(values.running) },
		parallelJobs: Number(values.parallel),
		linkLifetimeMs: Number(values['link-lifetime']),
		tier: readTier(values.tier),
		history: Number(values.history),
		rateLimit: values['no-rate-limit'] ? false : undefined,
		switches: readSwitches(values.switch),
	});
	const { seeds } = sandbox;
	print(`ComfyControl sandbox

  Base URL     ${sandbox.apiUrl}
  API token    ${sandbox.token}
  Storage      ${sandbox.storageUrl}
  Workflows    ${seeds.textToImage}  Text to Image Generation: $prompt, $negative_prompt, $input_image, #sampler
               ${seeds.imageToImage}  Image to Image: $photo, $prompt, $strength
               ${seeds.video}  Video with four choices: $prompt, #resolution, #aspect_ratio, #frames, #sampler
               ${seeds.textOnly}  Poem to Picture: $poem
               ${seeds.noParameters}  No Parameters
  Templates    ${seeds.templates.textToImage}  Text to Image
               ${seeds.templates.video}  Short Video
  Runners      ${seeds.runners.main}  Production GPU Runner
               ${seeds.managedRunners.pro}  Managed Pro

  curl -X POST ${sandbox.apiUrl}/v1/workflow/${seeds.textToImage}/rerun \\
    -H 'Authorization: Bearer ${sandbox.token}' \\
    -F '$prompt=A lighthouse at dawn' -F '#sampler=dpm_2'

Stop with Ctrl+C. More options: npm run sandbox -- --help
`);
	process.once('SIGINT', () => void sandbox.stop());
	process.once('SIGTERM', () => void sandbox.stop());
}

function readTier(name: string): Tier {
	const tier = tiers.find((candidate) => candidate === name);
	if (!tier) throw new RangeError(`No such tier: ${name}. See --help`);
	return tier;
}

function readSwitches(settings: string[]): Partial<Switches> {
	const switches: Record<string, unknown> = {};
	for (const setting of settings) {
		const [name, text = ''] = setting.split('=');
		switches[name] = readSwitch(name, text);
		if (switches[name] === undefined) {
			throw new RangeError(`No such switch: ${setting}. See --help`);
		}
	}
	return switches;
}

function readSwitch(name: string, text: string): unknown {
	const isNumber = name.endsWith('Limit') || name === 'cancelTakesMs';
	if (isNumber && /^\d+$/.test(text)) return Number(text);
	const values = Object.entries(readings).find(([candidate]) => candidate === name)?.[1];
	return values?.find((reading) => String(reading) === text);
}

function print(text: string): void {
	process.stdout.write(text);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});

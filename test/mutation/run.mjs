// Changes the code in many small ways and counts the changes that no test notices.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Stryker } from '@stryker-mutator/core';

const USAGE = `npm run mutation                      all folders
npm run mutation -- parameters batch  some of them
npm run mutation -- batch --file startJournal  one file of a folder
npm run mutation -- batch --changed       what the code or its tests have changed since the last run;
                                          it does not see changes of the sandbox or the engine's set-up`;

const LEAST_PERCENT = 85;
const root = fileURLToPath(new URL('../..', import.meta.url));
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const baseConfig = createRequire(import.meta.url)('../../jest.config.js');
const NODE = 'ComfyControl';

// The tests of each folder. Much of batch/ only n8n's engine shows, with the operations: of those the quickest
// that go through all of it, as every change runs them again.
const TESTS = {
	parameters: ['parameters/'],
	basics: ['basics/', 'batch/'],
	api: ['api/', 'batch/', 'actions/'],
	batch: ['batch/', 'actions/workflow/rerun.operation', 'actions/workflow/waiting'],
	transport: ['transport/'],
	// What the router says of a batch stands with the batch's tests.
	actions: ['actions/', 'batch/runsPerItem', 'batch/startAndFollow', 'basics/notes'],
	fields: ['fields/', 'actions/', 'batch/runsPerItem'],
	methods: ['methods/', 'actions/workflow/form', 'actions/workflow/create', 'actions/template/run'],
	trigger: ['trigger/'],
	credentials: ['credentials/'],
};
const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		file: { type: 'string', default: '*' },
		changed: { type: 'boolean', default: false },
	},
});
const folders = positionals.length > 0 ? positionals : Object.keys(TESTS);
if (folders.some((folder) => !(folder in TESTS))) {
	console.error(USAGE);
	process.exit(1);
}

process.chdir(root);
const scores = [];
for (const folder of folders) scores.push(await mutate(folder, values.file));
scores.push({ folder: 'all', ...sum(scores) });
for (const { folder, noticed, unnoticed } of scores) {
	const percent = (100 * noticed) / (noticed + unnoticed);
	console.log(`${folder}: ${noticed} of ${noticed + unnoticed} noticed, ${percent.toFixed(1)} %`);
	if (!(percent >= LEAST_PERCENT)) process.exitCode = 1;
}

/** Counts what the tests of a folder notice, and what they don't. */
async function mutate(folder, file) {
	const report = `artifacts/mutation/${folder}`;
	const stryker = new Stryker({
		mutate: [
			folder === 'credentials' ? `credentials/${file}.ts` : `nodes/${NODE}/${folder}/**/${file}.ts`,
		],
		plugins: ['@stryker-mutator/*', beside('panelTexts.mjs')],
		ignorers: ['panelTexts'],
		testRunner: 'jest',
		// Related by import: n8n's engine loads the node by its file name.
		jest: {
			projectType: 'custom',
			config: jestConfig(folder),
			enableFindRelatedTests: folder === 'parameters',
		},
		coverageAnalysis: 'perTest',
		incremental: true,
		force: !values.changed,
		incrementalFile: `${report}.incremental.json`,
		reporters: ['html', 'json', 'progress-append-only'],
		htmlReporter: { fileName: `${report}.html` },
		jsonReporter: { fileName: `${report}.json` },
		tempDirName: 'artifacts/mutation/work',
		cleanTempDir: 'always',
		// A busy machine is not an endless loop.
		timeoutMS: 20_000,
		// What changes leave running ends with their process.
		maxTestRunnerReuse: 100,
		concurrency: availableParallelism(),
	});
	const results = await stryker.runMutationTest();
	const count = (states) => results.filter(({ status }) => states.includes(status)).length;
	return { folder, noticed: count(NOTICED), unnoticed: count(UNNOTICED) };
}

function jestConfig(folder) {
	const { collectCoverageFrom, coverageReporters, coverageThreshold, ...config } = baseConfig;
	return {
		...config,
		roots: [`<rootDir>/test`],
		testRegex: TESTS[folder].map((tests) => `/test/(nodes/${NODE}/)?${tests}.*\\.test\\.ts$`),
		collectCoverage: false,
		// They have an environment of their own, in which Stryker does not see what they cover.
		testPathIgnorePatterns: [...config.testPathIgnorePatterns, 'basics/time', 'fields/fileAtApart'],
		testSequencer: beside('sequencer.js'),
		testEnvironment: beside('environment.js'),
	};
}

function sum(scores) {
	const total = (key) => scores.reduce((before, score) => before + score[key], 0);
	return { noticed: total('noticed'), unnoticed: total('unnoticed') };
}

// Runs the checks of n8n's official scanner on the source and on what would be published.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
	analyzePackage,
	buildScanConfig,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'comfycontrol-scan-'));
try {
	const source = await scan('source', root, SOURCE_FILE_PATTERNS);
	const published = await scan('package', unpackedPackage(), ['**/*.js', 'package.json']);
	if (!source || !published) process.exitCode = 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** Whether the scanner finds nothing at all, warnings included, which it neither shows nor counts. */
async function scan(name, path, patterns) {
	const { passed, details } = await analyzePackage(path, patterns);
	if (details) console.log(details);
	const { files, errors, warnings } = await countFindings(path, patterns);
	console.log(`${name}: ${files} files, ${errors} errors, ${warnings} warnings`);
	return passed && files > 0 && errors + warnings === 0;
}

async function countFindings(path, patterns) {
	const eslint = new ESLint({
		cwd: path,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	for (const { filePath, messages } of results) {
		for (const { line, message, ruleId } of messages) {
			console.log(`${filePath}:${line} ${message} (${ruleId})`);
		}
	}
	const sum = (count) => results.reduce((total, result) => total + result[count], 0);
	return { files: results.length, errors: sum('errorCount'), warnings: sum('warningCount') };
}

function unpackedPackage() {
	const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
		cwd: root,
	});
	const [{ filename }] = JSON.parse(packed);
	execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
	return join(folder, 'package');
}

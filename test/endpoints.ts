/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- writes a page of the documentation, never part of the node */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { RESOURCES } from '../nodes/ComfyControl/actions/resources';
import { ENDPOINTS } from '../nodes/ComfyControl/api/endpoints';

const ROOT = join(__dirname, '..');
const ACTIONS = 'nodes/ComfyControl/actions';
const NODE = join(ROOT, 'nodes/ComfyControl');

export const TABLE_PATH = join(ROOT, 'docs/endpoints.md');

/** An operation of the node, the names of the endpoints that its code uses, and where it is tested. */
interface TestedOperation {
	label: string;
	endpoints: Set<string>;
	tests: string[];
}

/** An endpoint of the API, and the operations that use it. */
export interface EndpointRow {
	endpoint: string;
	page: string;
	operations: TestedOperation[];
}

/** Every operation that the node offers. */
export function testedOperations(): TestedOperation[] {
	return RESOURCES.flatMap(({ option: resource, operations }) =>
		operations.map(({ option: operation }) => ({
			label: `${resource.name} > ${operation.name}`,
			endpoints: endpointsUsedIn(
				join(ROOT, ACTIONS, `${String(resource.value)}/${String(operation.value)}.operation.ts`),
			),
			tests: testsOf(String(resource.value), String(operation.value)),
		})),
	);
}

/** What uses each of the documented endpoints. */
export function endpointRows(): EndpointRow[] {
	const operations = testedOperations();
	return Object.entries(ENDPOINTS).map(([name, { method, path, page }]) => ({
		endpoint: `${method} ${path}`,
		page,
		operations: operations.filter(({ endpoints }) => endpoints.has(name)),
	}));
}

/** The page of the documentation. */
export function endpointsTable(): string {
	const rows = endpointRows().map(({ endpoint, page, operations }) => {
		const tests = [...new Set(operations.flatMap((operation) => operation.tests))];
		return [
			`[\`${endpoint}\`](${page})`,
			operations.map(({ label }) => label).join('<br>'),
			tests.map((test) => `[${test.replace(/^.*actions\//, '')}](../${test})`).join('<br>'),
		];
	});
	const lines = [['Endpoint', 'Operation', 'Test'], ['---', '---', '---'], ...rows];
	return `# The API's endpoints

Each endpoint that ComfyControl documents, the operations that use it, and where these are tested. Made by \`npm run endpoints\` from the
code: the list of endpoints in \`api/endpoints.ts\`, and what each operation imports.

${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}

/** The endpoints that a file of the node imports, or what it imports does. */
function endpointsUsedIn(path: string, seen = new Set<string>()): Set<string> {
	if (seen.has(path)) return new Set();
	seen.add(path);
	const imports = readFileSync(path, 'utf8').matchAll(/^import \{([^}]*)\} from '(\.[^']*)';/gm);
	const used = [...imports].flatMap(([, names, from]) => {
		const target = resolve(dirname(path), `${from}.ts`);
		if (dirname(target) !== join(NODE, 'api')) return [...endpointsUsedIn(target, seen)];
		return names.split(',').map((name) => name.trim());
	});
	return new Set(used.filter((name) => name in ENDPOINTS));
}

/** The test of the operation's own, or those beside it that choose the operation. */
function testsOf(resource: string, operation: string): string[] {
	const folder = `test/${ACTIONS}/${resource}`;
	const own = `${folder}/${operation}.operation.test.ts`;
	if (existsSync(join(ROOT, own))) return [own];
	return readdirSync(join(ROOT, folder))
		.filter((name) => name.endsWith('.test.ts'))
		.map((name) => `${folder}/${name}`)
		.filter((path) => readFileSync(join(ROOT, path), 'utf8').includes(`'${operation}'`));
}

if (require.main === module) writeFileSync(TABLE_PATH, endpointsTable());

/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- writes a page of the documentation, never part of the node */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { RESOURCES } from '../nodes/ComfyControl/actions/resources';

const ROOT = join(__dirname, '..');
const ACTIONS = 'nodes/ComfyControl/actions';
const DOCS = 'https://docs.comfycontrol.app/api/endpoints/';

export const TABLE_PATH = join(ROOT, 'docs/endpoints.md');

/** What ComfyControl's API documents: method, path, and the page that tells of it. */
const ENDPOINTS = [
	['POST', '/v1/workflow', 'workflows/create'],
	['GET', '/v1/workflow', 'workflows/list'],
	['GET', '/v1/workflow/{id}', 'workflows/get'],
	['GET', '/v1/workflow/{id}/outputs', 'workflows/outputs'],
	['POST', '/v1/workflow/{id}/rerun', 'workflows/rerun'],
	['POST', '/v1/workflow/{id}/cancel', 'workflows/cancel'],
	['POST', '/v1/template', 'templates/create'],
	['GET', '/v1/template', 'templates/list'],
	['GET', '/v1/template/{id}', 'templates/get'],
	['PUT', '/v1/template/{id}', 'templates/update'],
	['POST', '/v1/runner', 'runners/create'],
	['GET', '/v1/runner', 'runners/list'],
	['GET', '/v1/runner/{id}', 'runners/get'],
	['PUT', '/v1/runner/{id}', 'runners/update'],
	['GET', '/v1/runner/{id}/history', 'runners/history'],
	['POST', '/v1/runner/{id}/interrupt', 'runners/interrupt'],
	['GET', '/v1/managed-runner', 'managed-runners/list'],
	['GET', '/v1/managed-runner/{id}', 'managed-runners/get'],
	['GET', '/v1/managed-runner/{id}/history', 'managed-runners/history'],
	['GET', '/v1/user', 'user/get'],
] as const;

/** An operation of the node, the pages that its code refers to, and where it is tested. */
interface TestedOperation {
	label: string;
	pages: string[];
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
			pages: pagesIn(
				`${ACTIONS}/${String(resource.value)}/${String(operation.value)}.operation.ts`,
			),
			tests: testsOf(String(resource.value), String(operation.value)),
		})),
	);
}

/** What uses each of the documented endpoints. */
export function endpointRows(): EndpointRow[] {
	const operations = testedOperations();
	return ENDPOINTS.map(([method, path, page]) => ({
		endpoint: `${method} ${path}`,
		page: DOCS + page,
		operations: operations.filter(({ pages }) => pages.includes(page)),
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
code: the list of resources, and the pages that each operation refers to.

${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}

function pagesIn(sourcePath: string): string[] {
	const source = readFileSync(join(ROOT, sourcePath), 'utf8');
	return [...source.matchAll(/@see (\S+)/g)]
		.map(([, address]) => address)
		.filter((address) => address.startsWith(DOCS))
		.map((address) => address.slice(DOCS.length));
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

/* eslint-disable @n8n/community-nodes/no-restricted-imports -- reads a page of the documentation, never part of the node */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { endpointRows, endpointsTable, TABLE_PATH, testedOperations } from './endpoints';

describe('the table of endpoints', () => {
	it('is what the code says: npm run endpoints', () => {
		expect(readFileSync(TABLE_PATH, 'utf8')).toBe(endpointsTable());
	});

	it('names files that are there', () => {
		const links = [...readFileSync(TABLE_PATH, 'utf8').matchAll(/\]\((\.\.[^)]*)\)/g)];
		const files = links.map(([, link]) => resolve(dirname(TABLE_PATH), link));
		expect(files.length).toBeGreaterThanOrEqual(20);
		expect(files.filter((file) => !existsSync(file))).toEqual([]);
	});

	it('has all of the 20 endpoints, each used by an operation', () => {
		const rows = endpointRows();
		expect(new Set(rows.map(({ endpoint }) => endpoint)).size).toBe(20);
		expect(rows.filter(({ operations }) => operations.length === 0)).toEqual([]);
	});

	it('has every operation, each of them with a test', () => {
		const inTable = new Set(
			endpointRows().flatMap(({ operations }) => operations.map(({ label }) => label)),
		);
		const operations = testedOperations();
		expect(operations.filter(({ label }) => !inTable.has(label))).toEqual([]);
		expect(operations.filter(({ tests }) => tests.length === 0)).toEqual([]);
	});
});

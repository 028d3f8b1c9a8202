/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	transform: require('../../jest.config').transform,
	// n8n is installed before any test's clock starts.
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	testTimeout: 180_000,
	// One n8n at a time: each takes half a gigabyte and a whole core while it starts.
	maxWorkers: 1,
};

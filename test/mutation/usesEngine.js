const { readFileSync } = require('node:fs');

/** Whether the tests in a file run the node in n8n's engine, which takes long to load. */
exports.usesEngine = (testPath) =>
	/from '.*\/(asNode|engine|stage)'/.test(readFileSync(testPath, 'utf8'));

const { readFileSync } = require('node:fs');

const namesByFile = new Map();

/** Whether the tests in a file run the node in n8n's engine, which takes long to load. */
exports.usesEngine = (testPath) =>
	/from '.*\/(asNode|engine|stage)'/.test(readFileSync(testPath, 'utf8'));

/** Keeps the names of the tests in a file, which are known once it was loaded. */
exports.keepNames = (testPath, describeBlock) => {
	// Those of before too: a change may have changed a name.
	const known = namesByFile.get(testPath) ?? [];
	namesByFile.set(testPath, new Set([...known, ...namesIn(describeBlock, [])]));
};

/** Whether a file may have tests whose names match. */
exports.mayHave = (testPath, namePattern) => {
	const names = namesByFile.get(testPath);
	if (!names || !namePattern) return true;
	const pattern = new RegExp(namePattern, 'i');
	return [...names].some((name) => pattern.test(name));
};

function namesIn(describeBlock, titles) {
	return describeBlock.children.flatMap((child) => {
		const path = [...titles, child.name];
		return child.type === 'test' ? path.join(' ') : namesIn(child, path);
	});
}

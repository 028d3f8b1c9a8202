/* eslint-disable @n8n/community-nodes/no-restricted-imports -- looks at the documentation, never part of the node */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDERS = ['.', 'docs', 'examples'];
const LINK = /\]\(([^)\s]+)\)/g;

const documents = FOLDERS.flatMap((folder) =>
	readdirSync(folder)
		.filter((file) => file.endsWith('.md'))
		.map((file) => join(folder, file)),
);

it('finds the documentation', () => {
	expect(documents).toEqual(
		expect.arrayContaining(['README.md', 'docs/endpoints.md', 'examples/README.md']),
	);
});

it.each(documents)('%s links to what is there', (document) => {
	const links = [...readFileSync(document, 'utf8').matchAll(LINK)].map(([, link]) => link);
	const [others, files] = [
		links.filter((link) => link.includes(':')),
		links.filter((link) => !link.includes(':')),
	];
	expect(files.filter((file) => !existsSync(join(dirname(document), file)))).toEqual([]);
	expect(others.filter((link) => !link.startsWith('https://') || !URL.canParse(link))).toEqual([]);
});

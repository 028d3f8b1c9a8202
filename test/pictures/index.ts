/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command for people's terminals, never part of the node */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Editor, type View } from '../e2e/editor';
import { PROJECT_FOLDER } from '../e2e/n8nPackage';
import { setStage } from '../e2e/stage';
import { keepArtifact } from '../support/artifacts';
import { Film, still } from './film';
import { gifOf } from './gif';
import { paintLighthouse } from './lighthouse';
import { showRerun, showRows, showTrigger, workflows } from './scenes';
import { videoOf } from './video';

const SCALE = 2;
const WINDOW = { width: 1240, height: 900 };
const VIEW: View = { viewport: WINDOW, deviceScaleFactor: SCALE };
// So high that a panel is to be seen whole.
const TALL = { ...WINDOW, height: 1220 };
const RUNNING_MS = 4_000;
// What a reader on the road waits for.
const LARGEST_BYTES = 2_000_000;

/** Makes the pictures of the documentation anew, in the editor of a real n8n. */
async function main(): Promise<void> {
	console.log('Setting up n8n, the package and the sandbox');
	const stage = await setStage(({ seeds }) => workflows(seeds.textToImage), {
		pictures: paintLighthouse(),
		durationsMs: { running: RUNNING_MS },
	});
	try {
		const server = await stage.n8n.start();
		try {
			const editor = await Editor.open(server.baseUrl, VIEW);
			try {
				await takePictures(editor).catch(async (error: unknown) => {
					console.error(`What the editor shows: ${await editor.screenshot('pictures.png')}`);
					throw error;
				});
			} finally {
				await editor.close();
			}
		} finally {
			await server.stop();
		}
	} finally {
		await stage.clear();
	}
}

async function takePictures(editor: Editor): Promise<void> {
	const { page } = editor;
	await page.addInitScript({ path: path.join(__dirname, 'pointer.js') });
	const film = new Film(page);
	const panel = await showRerun(editor, film);
	const area = await panel.boundingBox();
	if (!area) throw new Error('The panel is not to be seen');
	await keepImage('rerun.gif', await gifOf(film.shortForm, rounded(area), SCALE));
	await page.setViewportSize(TALL);
	await keepImage('form.png', await still(panel));
	await keepImage('rows.png', await still(await showRows(editor)));
	await page.setViewportSize(WINDOW);
	await keepImage('trigger.png', await still(await showTrigger(editor)));
	// For n8n's reviewers; too large for the repository.
	const video = await keepArtifact('video.webm', await videoOf(film.frames, page, WINDOW));
	console.log(`  ${video}`);
}

function rounded({ x, y, width, height }: Record<'x' | 'y' | 'width' | 'height', number>) {
	return {
		x: Math.round(x),
		y: Math.round(y),
		width: Math.round(width),
		height: Math.round(height),
	};
}

async function keepImage(fileName: string, content: Buffer): Promise<void> {
	if (content.length > LARGEST_BYTES) {
		throw new Error(`${fileName} has ${content.length} bytes, more than ${LARGEST_BYTES}`);
	}
	const file = path.join(PROJECT_FOLDER, 'docs', 'images', fileName);
	await writeFile(file, content);
	console.log(`  ${file} (${Math.ceil(content.length / 1024)} KiB)`);
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);

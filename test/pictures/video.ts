/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- records a video on the developer's machine, never part of the node */
import type { Page } from 'playwright-core';
import path from 'node:path';

import type { Frame } from './film';

/** A WebM of the frames, recorded by the browser while it plays them in an empty page. */
export async function videoOf(
	frames: Frame[],
	page: Page,
	{ width, height }: { width: number; height: number },
): Promise<Buffer> {
	await page.goto('about:blank');
	await page.addScriptTag({ path: path.join(__dirname, 'recorder.js') });
	const shown = frames.map(({ png, holdMs }) => ({
		src: `data:image/png;base64,${png.toString('base64')}`,
		holdMs,
	}));
	const recorded: unknown = await page.evaluate(
		`recordVideo(${JSON.stringify(shown)}, ${width}, ${height})`,
	);
	return Buffer.from(String(recorded), 'base64');
}

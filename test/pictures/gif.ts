import { createCanvas, GifEncoder, loadImage } from '@napi-rs/canvas';

import type { Frame } from './film';

/** A part of a picture, in pixels. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

interface Pixels {
	data: Uint8ClampedArray;
	width: number;
	height: number;
}

/**
 * An animated GIF that repeats for ever. Each frame has only what differs from the one before.
 *
 * @param area the part of the page that is shown
 * @param scale how many pixels of a frame make one of the page
 */
export async function gifOf(frames: Frame[], area: Area, scale: number): Promise<Buffer> {
	const encoder = new GifEncoder(area.width, area.height, { repeat: 0, quality: 1 });
	const shown = await distinct(frames, area, scale);
	shown.forEach(({ pixels, holdMs }, index) => {
		const changed = index === 0 ? undefined : difference(shown[index - 1].pixels, pixels);
		const part = changed ?? { x: 0, y: 0, width: area.width, height: area.height };
		encoder.addFrame(cut(pixels, part), part.width, part.height, {
			delay: holdMs,
			left: part.x,
			top: part.y,
		});
	});
	return encoder.finish();
}

/** The frames, those that are equal to the one before as one. */
async function distinct(frames: Frame[], area: Area, scale: number) {
	const shown: Array<{ pixels: Pixels; holdMs: number }> = [];
	for (const { png, holdMs } of frames) {
		const pixels = await pixelsOf(png, area, scale);
		const last = shown.at(-1);
		if (last && difference(last.pixels, pixels) === undefined) last.holdMs += holdMs;
		else shown.push({ pixels, holdMs });
	}
	return shown;
}

async function pixelsOf(png: Buffer, area: Area, scale: number): Promise<Pixels> {
	const { x, y, width, height } = area;
	const context = createCanvas(width, height).getContext('2d');
	context.imageSmoothingQuality = 'high';
	context.scale(1 / scale, 1 / scale);
	context.drawImage(await loadImage(png), -x * scale, -y * scale);
	return context.getImageData(0, 0, width, height);
}

/** The smallest part that has all that differs, or undefined if nothing does. */
function difference(before: Pixels, after: Pixels): Area | undefined {
	const [old, now] = [new Uint32Array(before.data.buffer), new Uint32Array(after.data.buffer)];
	let [left, top, right, bottom] = [after.width, after.height, -1, -1];
	for (let index = 0; index < now.length; index++) {
		if (old[index] === now[index]) continue;
		const [x, y] = [index % after.width, Math.floor(index / after.width)];
		left = Math.min(left, x);
		right = Math.max(right, x);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y);
	}
	return right < 0
		? undefined
		: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function cut(pixels: Pixels, { x, y, width, height }: Area): Uint8Array {
	const part = new Uint8Array(width * height * 4);
	for (let row = 0; row < height; row++) {
		const from = ((y + row) * pixels.width + x) * 4;
		part.set(pixels.data.subarray(from, from + width * 4), row * width * 4);
	}
	return part;
}

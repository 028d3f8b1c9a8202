import {
	type Canvas,
	createCanvas,
	GlobalFonts,
	type Image,
	loadImage,
	type SKRSContext2D,
} from '@napi-rs/canvas';
import { createHash } from 'node:crypto';

const width = 768;
const height = 512;
const margin = 40;
const thumbnailSide = 150;
// More never fits, and measuring a novel takes long.
const mostLetters = 1500;

// A bare machine has no fonts at all.
const font = 'Sandbox';
GlobalFonts.registerFromPath(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), font);
GlobalFonts.registerFromPath(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'), font);

/** What a picture shows: the values that its job ran with. */
export interface Scene {
	/** The first text, in large letters. */
	headline: string;
	/** The other texts. */
	lines: string[];
	/** The choices. */
	chips: string[];
	/** The uploaded file, shown when it can be decoded. */
	inputImage: Uint8Array | undefined;
	caption: string;
}

/** Paints the PNG that a job "made". The same scene always gives the same picture. */
export async function paintPicture(scene: Scene): Promise<Buffer> {
	return await (await paintScene(scene)).encode('png');
}

async function paintScene(scene: Scene): Promise<Canvas> {
	const canvas = createCanvas(width, height);
	const context = canvas.getContext('2d');
	const thumbnail = await decode(scene.inputImage);
	paintBackground(context, seedOf(scene));
	const textWidth = thumbnail ? width - 3 * margin - thumbnailSide : width - 2 * margin;
	if (thumbnail) paintThumbnail(context, thumbnail);
	paintHeadline(context, scene.headline, textWidth);
	paintLines(context, scene.lines);
	paintChips(context, scene.chips);
	paintCaption(context, scene.caption);
	return canvas;
}

let sketch: Buffer | undefined;

/** A small drawing, the input image of the seeded workflow. The same one each time. */
export function paintSketch(): Buffer {
	return (sketch ??= paintedSketch());
}

function paintedSketch(): Buffer {
	const canvas = createCanvas(256, 256);
	const context = canvas.getContext('2d');
	const sky = context.createLinearGradient(0, 0, 0, 256);
	sky.addColorStop(0, '#2b2d6e');
	sky.addColorStop(0.6, '#f2735c');
	sky.addColorStop(1, '#ffd27a');
	context.fillStyle = sky;
	context.fillRect(0, 0, 256, 256);
	fillShape(context, '#ffe9b0', () => context.arc(150, 150, 34, 0, 2 * Math.PI));
	fillShape(context, '#35285c', () => {
		context.moveTo(0, 256);
		context.lineTo(80, 110);
		context.lineTo(150, 210);
		context.lineTo(200, 150);
		context.lineTo(256, 230);
		context.lineTo(256, 256);
	});
	return canvas.toBuffer('image/png');
}

function fillShape(context: SKRSContext2D, color: string, path: () => void): void {
	context.beginPath();
	path();
	context.fillStyle = color;
	context.fill();
}

async function decode(content: Uint8Array | undefined): Promise<Image | undefined> {
	if (!content || content.length === 0) return undefined;
	try {
		return await loadImage(content);
	} catch {
		return undefined;
	}
}

/** Numbers between 0 and 1 that depend on everything in the scene. */
function seedOf(scene: Scene): number[] {
	const hash = createHash('sha256').update(JSON.stringify({ ...scene, inputImage: undefined }));
	if (scene.inputImage) hash.update(scene.inputImage);
	return [...hash.digest()].map((byte) => byte / 255);
}

/** Slanted stripes from hue to hue. A true gradient would take five times as long to compress. */
function paintBackground(context: SKRSContext2D, seed: number[]): void {
	const hue = seed[0] * 360;
	const slant = 80 + seed[1] * 240;
	const stripes = 18;
	const stripeWidth = (width + slant) / stripes;
	for (let i = 0; i < stripes; i++) {
		const along = i / (stripes - 1);
		const left = i * stripeWidth - slant;
		const color = `hsl(${hue + along * (60 + seed[2] * 60)}, 60%, ${18 + along * 22}%)`;
		fillShape(context, color, () => {
			context.moveTo(left + slant, 0);
			context.lineTo(width, 0);
			context.lineTo(width, height);
			context.lineTo(left, height);
		});
	}
	for (let i = 3; i < 24; i += 3) {
		const color = `hsla(${hue + seed[i] * 140}, 80%, 70%, 0.09)`;
		fillShape(context, color, () =>
			context.arc(seed[i + 1] * width, seed[i + 2] * height, 50 + seed[i] * 150, 0, 2 * Math.PI),
		);
	}
}

function paintThumbnail(context: SKRSContext2D, image: Image): void {
	const left = width - margin - thumbnailSide;
	const side = Math.min(image.width, image.height);
	const x = (image.width - side) / 2;
	const y = (image.height - side) / 2;
	context.save();
	context.beginPath();
	context.roundRect(left, margin, thumbnailSide, thumbnailSide, 14);
	context.clip();
	context.drawImage(image, x, y, side, side, left, margin, thumbnailSide, thumbnailSide);
	context.restore();
	context.strokeStyle = 'rgba(255, 255, 255, 0.85)';
	context.lineWidth = 3;
	context.beginPath();
	context.roundRect(left, margin, thumbnailSide, thumbnailSide, 14);
	context.stroke();
}

/** As large as it fits above the smaller texts; what does not fit at all is cut with an ellipsis. */
function paintHeadline(context: SKRSContext2D, text: string, textWidth: number): void {
	const room = 270;
	const shown = text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
	let size = 46;
	let lines: string[] = [];
	for (; size >= 16; size -= 3) {
		context.font = `bold ${size}px ${font}`;
		lines = wrap(context, shown, textWidth);
		if (lines.length * size * 1.25 <= room) break;
	}
	size = Math.max(size, 16);
	const fitting = Math.floor(room / (size * 1.25));
	if (lines.length > fitting) lines = [...lines.slice(0, fitting - 1), `${lines[fitting - 1]}…`];
	context.fillStyle = '#ffffff';
	context.textBaseline = 'top';
	lines.forEach((line, i) => context.fillText(line, margin, margin + i * size * 1.25));
}

/** Breaks a text at its own line breaks, then at spaces, then, for very long words, anywhere. */
function wrap(context: SKRSContext2D, text: string, textWidth: number): string[] {
	const fits = (line: string) => context.measureText(line).width <= textWidth;
	const lines: string[] = [];
	for (const paragraph of text.split(/\r\n|\r|\n/)) {
		let line = '';
		for (const word of paragraph.split(' ')) {
			const longer = line === '' ? word : `${line} ${word}`;
			if (fits(longer)) {
				line = longer;
				continue;
			}
			if (line !== '') lines.push(line);
			line = '';
			for (const letter of word) {
				if (!fits(line + letter)) {
					lines.push(line);
					line = '';
				}
				line += letter;
			}
		}
		lines.push(line);
	}
	return lines;
}

function paintLines(context: SKRSContext2D, lines: string[]): void {
	context.font = `18px ${font}`;
	context.fillStyle = 'rgba(255, 255, 255, 0.85)';
	lines.slice(0, 3).forEach((line, i) => {
		const [first = '', ...more] = wrap(
			context,
			line.slice(0, mostLetters),
			width - 2 * margin - 20,
		);
		context.fillText(more.length > 0 ? `${first}…` : first, margin, 330 + i * 26);
	});
}

function paintChips(context: SKRSContext2D, chips: string[]): void {
	context.font = `bold 18px ${font}`;
	context.textBaseline = 'middle';
	let left = margin;
	for (const chip of chips) {
		const chipWidth = context.measureText(chip).width + 32;
		if (left + chipWidth > width - margin) break;
		fillShape(context, 'rgba(255, 255, 255, 0.92)', () =>
			context.roundRect(left, 415, chipWidth, 36, 18),
		);
		context.fillStyle = '#1d1f33';
		context.fillText(chip, left + 16, 434);
		left += chipWidth + 12;
	}
}

function paintCaption(context: SKRSContext2D, caption: string): void {
	context.font = `13px ${font}`;
	context.textBaseline = 'alphabetic';
	context.fillStyle = 'rgba(255, 255, 255, 0.8)';
	context.fillText(caption, margin, height - 22);
}

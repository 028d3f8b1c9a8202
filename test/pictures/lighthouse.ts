import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

const WIDTH = 768;
const HEIGHT = 512;
const HORIZON = 352;
const SUN = { x: 250, y: HORIZON - 26, radius: 40 };
const LAMP = { x: 566, y: 126 };

/**
 * A lighthouse at dawn: what the documentation's pictures show as made by ComfyUI. In flat colours, as a
 * GIF has few of them.
 */
export function paintLighthouse(): Buffer {
	const canvas = createCanvas(WIDTH, HEIGHT);
	const context = canvas.getContext('2d');
	paintSky(context);
	paintBeams(context);
	paintSea(context);
	paintCliff(context);
	paintTower(context);
	return canvas.toBuffer('image/png');
}

function paintSky(context: SKRSContext2D): void {
	const bands = ['#27265c', '#3d2f6f', '#5d3a7d', '#834683', '#ac5580', '#d26a76', '#ee8a6c'];
	bands.push('#fbac6d', '#ffcf85');
	const band = HORIZON / bands.length;
	bands.forEach((colour, index) => fill(context, colour, 0, index * band, WIDTH, band + 1));
	for (const [radius, colour] of [
		[3, '#ffd99a'],
		[1.8, '#ffe4ae'],
		[1, '#fff3d6'],
	] as const) {
		context.fillStyle = colour;
		context.globalAlpha = radius === 1 ? 1 : 0.35;
		circle(context, SUN.x, SUN.y, SUN.radius * radius);
	}
	context.globalAlpha = 1;
	for (const [x, y, size] of [
		[70, 60, 1.6],
		[160, 34, 1.2],
		[302, 78, 1.4],
		[404, 30, 1.6],
		[478, 96, 1.1],
		[690, 52, 1.5],
	] as const) {
		context.fillStyle = '#fff3d6';
		circle(context, x, y, size);
	}
}

function paintBeams(context: SKRSContext2D): void {
	context.fillStyle = '#ffedb0';
	context.globalAlpha = 0.28;
	polygon(context, [LAMP.x, LAMP.y - 5], [0, 18], [0, 116], [LAMP.x, LAMP.y + 6]);
	polygon(context, [LAMP.x, LAMP.y - 5], [WIDTH, 78], [WIDTH, 148], [LAMP.x, LAMP.y + 6]);
	context.globalAlpha = 1;
}

function paintSea(context: SKRSContext2D): void {
	const bands = ['#c9706f', '#9a567a', '#6f477b', '#4c3a72', '#342e62', '#242450'];
	const band = (HEIGHT - HORIZON) / bands.length;
	bands.forEach((colour, index) =>
		fill(context, colour, 0, HORIZON + index * band, WIDTH, band + 1),
	);
	context.fillStyle = '#ffdca0';
	for (let row = 0; row < 9; row++) {
		const width = 118 - row * 9 + (row % 2) * 26;
		const shift = (row % 3) * 9 - 9;
		fill(context, '#ffdca0', SUN.x - width / 2 + shift, HORIZON + 7 + row * 15, width, 3);
	}
}

function paintCliff(context: SKRSContext2D): void {
	context.fillStyle = '#2a2350';
	polygon(
		context,
		[420, HEIGHT],
		[452, 448],
		[486, 402],
		[540, 376],
		[640, 380],
		[704, 412],
		[WIDTH, 430],
		[WIDTH, HEIGHT],
	);
	context.fillStyle = '#1d1a3d';
	polygon(
		context,
		[470, HEIGHT],
		[520, 450],
		[600, 424],
		[668, 452],
		[WIDTH, 470],
		[WIDTH, HEIGHT],
	);
}

function paintTower(context: SKRSContext2D): void {
	const [top, foot] = [156, 384];
	const half = (y: number) => 19 + ((y - top) / (foot - top)) * 15;
	const slice = (from: number, to: number, colour: string) => {
		context.fillStyle = colour;
		polygon(
			context,
			[LAMP.x - half(from), from],
			[LAMP.x + half(from), from],
			[LAMP.x + half(to), to],
			[LAMP.x - half(to), to],
		);
	};
	const stripe = (foot - top) / 6;
	for (let index = 0; index < 6; index++) {
		slice(
			top + index * stripe,
			top + (index + 1) * stripe,
			index % 2 === 0 ? '#f6ece2' : '#d8484f',
		);
	}
	context.fillStyle = '#1d1a3d';
	context.globalAlpha = 0.18;
	polygon(
		context,
		[LAMP.x + 8, top],
		[LAMP.x + half(top), top],
		[LAMP.x + half(foot), foot],
		[LAMP.x + 16, foot],
	);
	context.globalAlpha = 1;
	fill(context, '#2a2350', LAMP.x - 27, top - 8, 54, 9);
	fill(context, '#fff0b8', LAMP.x - 14, LAMP.y - 14, 28, 36);
	fill(context, '#2a2350', LAMP.x - 2, LAMP.y - 14, 4, 36);
	context.fillStyle = '#d8484f';
	polygon(context, [LAMP.x - 22, LAMP.y - 13], [LAMP.x, LAMP.y - 38], [LAMP.x + 22, LAMP.y - 13]);
	fill(context, '#2a2350', LAMP.x - 9, foot - 30, 18, 32);
}

function fill(
	context: SKRSContext2D,
	colour: string,
	x: number,
	y: number,
	width: number,
	height: number,
): void {
	context.fillStyle = colour;
	context.fillRect(x, y, width, height);
}

function circle(context: SKRSContext2D, x: number, y: number, radius: number): void {
	context.beginPath();
	context.arc(x, y, radius, 0, 2 * Math.PI);
	context.fill();
}

function polygon(
	context: SKRSContext2D,
	...corners: ReadonlyArray<readonly [number, number]>
): void {
	context.beginPath();
	for (const [x, y] of corners) context.lineTo(x, y);
	context.fill();
}

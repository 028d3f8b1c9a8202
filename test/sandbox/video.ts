import { createCanvas } from '@napi-rs/canvas';

import { mp4Of } from './mp4';
import { paintScene, type Scene } from './picture';

const width = 384;
const height = 256;
const frameCount = 16;
const framesPerSecond = 8;
const barHeight = 6;

/** The MP4 that a job "made": its picture, over which a bar runs. The same scene gives the same one. */
export async function paintVideo(scene: Scene): Promise<Buffer> {
	const picture = await paintScene(scene);
	const avifFrames: Buffer[] = [];
	for (let number = 1; number <= frameCount; number++) {
		const canvas = createCanvas(width, height);
		const context = canvas.getContext('2d');
		context.drawImage(picture, 0, 0, width, height);
		context.fillStyle = '#ffffff';
		context.fillRect(0, height - barHeight, (width * number) / frameCount, barHeight);
		avifFrames.push(await canvas.encode('avif', { quality: 60, speed: 10 }));
	}
	return mp4Of({ width, height, framesPerSecond, avifFrames });
}

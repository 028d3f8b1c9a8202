/** A video as it goes into the file: AV1 frames that are all key frames, as AVIF pictures hold them. */
interface Video {
	width: number;
	height: number;
	framesPerSecond: number;
	avifFrames: Buffer[];
}

/**
 * An MP4 that browsers play. An AVIF picture is an AV1 key frame in boxes much like those of an MP4,
 * so that the frames only need to be put into other boxes.
 */
export function mp4Of({ width, height, framesPerSecond, avifFrames }: Video): Buffer {
	const frames = avifFrames.map((avif) => boxContent(avif, ['mdat']));
	const decoder = boxContent(avifFrames[0], ['meta', 'iprp', 'ipco', 'av1C']);
	const fileType = box('ftyp', text('isom'), u32(0x200), text('isomav01mp41'));
	const moov = (firstFrameAt: number) =>
		movie({ width, height, framesPerSecond, decoder, sizes: frames.map(byteLength), firstFrameAt });
	const firstFrameAt = fileType.length + moov(0).length + boxHeaderLength;
	return Buffer.concat([fileType, moov(firstFrameAt), box('mdat', ...frames)]);
}

interface Track {
	width: number;
	height: number;
	framesPerSecond: number;
	/** The content of the av1C box, which tells how to decode the frames. */
	decoder: Buffer;
	sizes: number[];
	/** Where in the file the frames are, one after the other. */
	firstFrameAt: number;
}

const boxHeaderLength = 8;
const unityMatrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32);
const noTimes = [u32(0), u32(0)];
const english = u16(0x55c4);

function movie(track: Track): Buffer {
	const { framesPerSecond, sizes } = track;
	const header = fullBox(
		'mvhd',
		0,
		...noTimes,
		u32(framesPerSecond),
		u32(sizes.length),
		u32(0x10000),
		u16(0x100),
		Buffer.alloc(10),
		...unityMatrix,
		Buffer.alloc(24),
		u32(2),
	);
	return box('moov', header, box('trak', trackHeader(track), media(track)));
}

function trackHeader({ width, height, sizes }: Track): Buffer {
	const enabledInMovie = 3;
	return fullBox(
		'tkhd',
		enabledInMovie,
		...noTimes,
		u32(1),
		u32(0),
		u32(sizes.length),
		Buffer.alloc(16),
		...unityMatrix,
		u32(width * 0x10000),
		u32(height * 0x10000),
	);
}

function media(track: Track): Buffer {
	const { framesPerSecond, sizes } = track;
	const duration = [u32(framesPerSecond), u32(sizes.length)];
	const dataInThisFile = fullBox('url ', 1);
	return box(
		'mdia',
		fullBox('mdhd', 0, ...noTimes, ...duration, english, u16(0)),
		fullBox('hdlr', 0, u32(0), text('vide'), Buffer.alloc(12), text('Video\0')),
		box(
			'minf',
			fullBox('vmhd', 1, Buffer.alloc(8)),
			box('dinf', fullBox('dref', 0, u32(1), dataInThisFile)),
			samples(track),
		),
	);
}

/** Where each frame is and how long it shows: one chunk of frames, each for one unit of time. */
function samples({ width, height, decoder, sizes, firstFrameAt }: Track): Buffer {
	const dotsPerInch = u32(72 * 0x10000);
	const entry = box(
		'av01',
		Buffer.alloc(6),
		u16(1),
		Buffer.alloc(16),
		u16(width),
		u16(height),
		dotsPerInch,
		dotsPerInch,
		u32(0),
		u16(1),
		Buffer.alloc(32),
		u16(24),
		u16(0xffff),
		box('av1C', decoder),
	);
	return box(
		'stbl',
		fullBox('stsd', 0, u32(1), entry),
		fullBox('stts', 0, u32(1), u32(sizes.length), u32(1)),
		fullBox('stsc', 0, u32(1), u32(1), u32(sizes.length), u32(1)),
		fullBox('stsz', 0, u32(0), u32(sizes.length), ...sizes.map(u32)),
		fullBox('stco', 0, u32(1), u32(firstFrameAt)),
	);
}

/** The content of a box, by the names of the boxes that it is in. */
function boxContent(bytes: Buffer, [name, ...inside]: string[]): Buffer {
	for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
		if (bytes.toString('latin1', at + 4, at + 8) !== name) continue;
		const start = at + boxHeaderLength + (name === 'meta' ? 4 : 0);
		const content = bytes.subarray(start, at + bytes.readUInt32BE(at));
		return inside.length > 0 ? boxContent(content, inside) : content;
	}
	throw new Error(`No box ${name}`);
}

function box(name: string, ...content: Buffer[]): Buffer {
	const length = content.reduce((sum, { length }) => sum + length, boxHeaderLength);
	return Buffer.concat([u32(length), text(name), ...content]);
}

function fullBox(name: string, flags: number, ...content: Buffer[]): Buffer {
	return box(name, u32(flags), ...content);
}

function byteLength({ length }: Buffer): number {
	return length;
}

function text(letters: string): Buffer {
	return Buffer.from(letters, 'latin1');
}

function u16(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}

function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

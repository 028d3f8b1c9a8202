/* eslint-disable @n8n/community-nodes/no-restricted-imports -- makes a test picture, never part of the node */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BIT_DEPTH = 8;
const TRUE_COLOUR = 2;
const SIZE_PIXELS = 64;

/** A small real PNG: a soft gradient, 64 by 64 pixels. */
export function examplePng(): Buffer {
	const rows = Array.from({ length: SIZE_PIXELS }, (_, y) => row(y));
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', header()),
		chunk('IDAT', deflateSync(Buffer.concat(rows))),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function header(): Buffer {
	const data = Buffer.alloc(13);
	data.writeUInt32BE(SIZE_PIXELS, 0);
	data.writeUInt32BE(SIZE_PIXELS, 4);
	data.set([BIT_DEPTH, TRUE_COLOUR], 8);
	return data;
}

function row(y: number): Buffer {
	const pixels = Array.from({ length: SIZE_PIXELS }, (_, x) => [60 + x * 3, 90 + y * 2, 200]);
	return Buffer.from([0, ...pixels.flat()]);
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const framed = Buffer.alloc(body.length + 8);
	framed.writeUInt32BE(data.length, 0);
	body.copy(framed, 4);
	framed.writeUInt32BE(crc32(body), body.length + 4);
	return framed;
}

// Loaded into an empty page: plays frames on a canvas and records them as a video.
globalThis.recordVideo = async (frames, width, height) => {
	const canvas = Object.assign(document.createElement('canvas'), { width, height });
	const context = canvas.getContext('2d');
	const stream = canvas.captureStream(10);
	const recorder = new MediaRecorder(stream, {
		mimeType: 'video/webm;codecs=vp9',
		videoBitsPerSecond: 4_000_000,
	});
	const parts = [];
	recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
	const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
	const images = await Promise.all(
		frames.map(async ({ src, holdMs }) => {
			const image = new Image();
			image.src = src;
			await image.decode();
			return { image, holdMs };
		}),
	);
	recorder.start();
	for (const { image, holdMs } of images) {
		const until = performance.now() + holdMs;
		// Drawn again and again: a canvas that does not change gives no frames.
		while (performance.now() < until) {
			context.drawImage(image, 0, 0, width, height);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
	recorder.stop();
	await ended;
	const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
};

/**
 * How long nothing may happen on a connection before it is given up, in milliseconds. While bytes
 * move it is not cut off, however slowly: an upload's time is for ComfyControl to store the files.
 */
export const IDLE_TIMEOUT_MS = { editor: 10_000, read: 30_000, upload: 300_000, download: 60_000 };

import { bytesOf, type FilePart } from '../transport/multipart';

/** A workflow's JSON as the file that ComfyControl wants it to be. */
export function jsonFile(field: string, text: string): FilePart {
	const bytes = Buffer.from(text, 'utf8');
	return {
		field,
		file: {
			fileName: 'workflow.json',
			mimeType: 'application/json',
			sizeBytes: bytes.length,
			open: async () => bytesOf(bytes),
		},
	};
}

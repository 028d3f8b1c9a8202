import {
	MAX_REQUEST_BYTES,
	requestSizeProblem,
} from '../../../../nodes/ComfyControl/parameters/size';

const MB = 1024 * 1024;
const file = (fileName: string, sizeBytes: number) => ({
	field: '$file',
	file: { fileName, sizeBytes },
});

describe('requestSizeProblem', () => {
	it('takes 50 MB and not a byte more', () => {
		expect(requestSizeProblem([file('a.png', MAX_REQUEST_BYTES)])).toBeUndefined();
		expect(requestSizeProblem([file('a.png', MAX_REQUEST_BYTES + 1)])).toBeDefined();
	});

	it('adds up files and texts, and says what each file weighs', () => {
		const problem = requestSizeProblem([
			file('a.png', 30 * MB),
			file('b.mp4', 20 * MB),
			{ field: '$prompt', text: 'é'.repeat(MB) },
		]);
		expect(problem).toEqual({
			message: "The request is larger than ComfyControl's limit of 50.0 MB",
			description:
				'It would carry 52.0 MB (a.png: 30.0 MB, b.mp4: 20.0 MB, texts: 2.0 MB). Use smaller or fewer files.',
		});
	});

	it('takes nothing at all', () => {
		expect(requestSizeProblem([])).toBeUndefined();
	});
});
